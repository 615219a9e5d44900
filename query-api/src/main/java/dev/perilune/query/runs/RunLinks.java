package dev.perilune.query.runs;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What other rows say about a page of runs, by run id. JSON values are texts.
 *
 * @param scores of a run, by label
 * @param childFeedbacks JSON list with the feedback of each chat child; absent without such
 *     children
 * @param ancestorFeedbacks feedback of the nearest ancestor that has one, by the id of the parent
 * @param threads what was said, for runs that are threads
 */
public record RunLinks(
    Map<UUID, List<Score>> scores,
    Map<UUID, String> childFeedbacks,
    Map<UUID, String> ancestorFeedbacks,
    Map<UUID, Conversation> threads) {

  /** One score of a run; the value is JSON. */
  public record Score(String label, String value, @Nullable String comment) {}

  /** How a conversation begins and how many messages it has. */
  public record Conversation(@Nullable String firstMessage, long messages) {}

  /** Feedback that a run inherits, or null. */
  public @Nullable String parentFeedback(RunRow run) {
    return run.parentRunId() == null ? null : ancestorFeedbacks.get(run.parentRunId());
  }
}
