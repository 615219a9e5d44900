package dev.perilune.runtime.edit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The run that was changed.
 *
 * @param type null while it is not stored
 */
public record EditedRun(UUID id, @Nullable String type) {}
