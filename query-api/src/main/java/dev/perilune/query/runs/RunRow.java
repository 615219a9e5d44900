package dev.perilune.query.runs;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as stored, with the few things that exactly one row of another table holds. JSON values are
 * texts.
 *
 * @param duration as Postgres words an interval
 * @param parentRunId the run that the declared parent id stands for, or that id itself
 * @param parentThere whether the store has the parent
 * @param costUsd a decimal number without exponent
 */
public record RunRow(
    UUID projectId,
    UUID id,
    String type,
    @Nullable String name,
    @Nullable String status,
    OffsetDateTime createdAt,
    @Nullable OffsetDateTime endedAt,
    @Nullable String duration,
    @Nullable UUID parentRunId,
    boolean parentThere,
    @Nullable UUID siblingRunId,
    @Nullable Integer templateVersionId,
    @Nullable String templateSlug,
    Tokens tokens,
    @Nullable String costUsd,
    @Nullable List<String> tags,
    @Nullable String metadata,
    @Nullable String feedback,
    boolean isPublic,
    Payload payload,
    @Nullable User user) {

  /** Token counts; the prompt's include the cached ones. */
  public record Tokens(@Nullable Integer prompt, @Nullable Integer completion, int cachedPrompt) {

    /** Both together; 0 when neither is known. */
    public long total() {
      return (prompt == null ? 0L : prompt) + (completion == null ? 0L : completion);
    }
  }

  /** The wide part: JSON texts as they came. */
  public record Payload(
      @Nullable String input,
      @Nullable String output,
      @Nullable String error,
      @Nullable String params) {}

  /** The user that the run counts for. */
  public record User(
      long id,
      String externalId,
      OffsetDateTime createdAt,
      OffsetDateTime lastSeen,
      @Nullable String props) {}

  boolean isThread() {
    return type.equals("thread");
  }
}
