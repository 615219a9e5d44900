package dev.perilune.processor.pipeline;

import dev.perilune.processor.store.RunRow;
import java.util.List;

/**
 * What became of a batch, once its transaction commits.
 *
 * @param rejected records that can't be taken
 * @param changed the runs that are new or not what they were
 * @param figuresNanos how long users and figures took
 */
public record Written(List<Rejected> rejected, List<RunRow> changed, long figuresNanos) {}
