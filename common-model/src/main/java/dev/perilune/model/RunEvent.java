package dev.perilune.model;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What SDKs report. Parts named {@code ...Json}, and the values of maps, are JSON texts as they
 * came (after key normalisation); nothing parses them before somebody needs to.
 */
public sealed interface RunEvent {

  /** Orders this event among all others. */
  Stamp stamp();

  /** The user that the event names, if any. */
  @Nullable UserReport user();

  /** An event about one run, which is named by its stored id. */
  sealed interface OfRun extends RunEvent {
    UUID runId();
  }

  /** An event of a conversation; {@code threadId} names the thread that it belongs to. */
  sealed interface OfThread extends RunEvent {
    UUID threadId();

    /** Tags to add to the thread. */
    List<String> threadTags();

    /** Metadata for the thread, used from its first event only; JSON text of an object. */
    @Nullable String threadMetadataJson();
  }

  /**
   * A run begins. {@code tags} is {@code null} if the event has none.
   *
   * @param spanEndedAtMicros end of the span that tells of the run, before its start while it is
   *     open, in microseconds since 1970; 0 where no span tells
   * @param parentSpan id of the span of the same trace that the parent is of, sixteen hexadecimal
   *     digits; {@code null} where no span is the parent
   */
  record Started(
      UUID runId,
      Stamp stamp,
      long spanEndedAtMicros,
      String type,
      @Nullable UUID parentId,
      @Nullable String parentSpan,
      @Nullable String name,
      @Nullable String inputJson,
      @Nullable String paramsJson,
      @Nullable List<String> tags,
      Map<String, String> metadata,
      @Nullable Integer templateVersionId,
      @Nullable String runtime,
      @Nullable ReportedUsage usage,
      @Nullable UserReport user)
      implements OfRun {}

  /** A run succeeds. {@code inputJson} is there only for runs that learn their input late. */
  record Ended(
      UUID runId,
      Stamp stamp,
      @Nullable String type,
      @Nullable String name,
      @Nullable String inputJson,
      @Nullable String outputJson,
      @Nullable List<String> tags,
      Map<String, String> metadata,
      @Nullable ReportedUsage usage,
      @Nullable UserReport user)
      implements OfRun {}

  /** A run fails. */
  record Failed(
      UUID runId,
      Stamp stamp,
      @Nullable String type,
      @Nullable String name,
      String errorJson,
      @Nullable UserReport user)
      implements OfRun {}

  /**
   * What somebody else than the run itself saw of it, such as a record of a log: fills what the
   * run's own events leave open.
   *
   * @param inputJson JSON text of a list of messages, which several events may add to; so the
   *     output
   * @param choice which of the model's answers the output is, from 0
   * @param errorJson what went wrong, if the run says that something did and not what
   */
  record Supplied(
      UUID runId,
      Stamp stamp,
      @Nullable String name,
      @Nullable String inputJson,
      @Nullable String outputJson,
      int choice,
      @Nullable String errorJson,
      @Nullable String paramsJson,
      Map<String, String> metadata,
      @Nullable ReportedUsage usage,
      @Nullable UserReport user)
      implements OfRun {}

  /** The metadata of a model call is replaced. */
  record Updated(UUID runId, Stamp stamp, Map<String, String> metadata, @Nullable UserReport user)
      implements OfRun {}

  /** People or programs judge a run; a JSON {@code null} value takes a judgement back. */
  record Judged(UUID runId, Stamp stamp, Map<String, String> feedback, @Nullable UserReport user)
      implements OfRun {}

  /**
   * A program's score of a run, under a label of which a run has one; the latest counts.
   *
   * @param valueJson JSON text of a text, number or boolean
   */
  record Scored(
      UUID runId,
      Stamp stamp,
      String label,
      String valueJson,
      @Nullable String comment,
      @Nullable UserReport user)
      implements RunEvent {}

  /**
   * A message in a conversation.
   *
   * @param aliases further ids that other SDKs derive for the same message
   * @param threadAliases further ids of the thread
   * @param role as sent, {@code null} if it is no text
   * @param messageJson the part of the message that is stored, as JSON text of an object
   */
  record Said(
      UUID threadId,
      UUID messageId,
      List<UUID> aliases,
      List<UUID> threadAliases,
      Stamp stamp,
      @Nullable String role,
      boolean retry,
      String messageJson,
      @Nullable List<String> tags,
      Map<String, String> metadata,
      Map<String, String> feedback,
      List<String> threadTags,
      @Nullable String threadMetadataJson,
      @Nullable String runtime,
      @Nullable UserReport user)
      implements OfThread {}

  /** Something else that happened in a conversation. */
  record Happened(
      UUID threadId,
      UUID eventId,
      List<UUID> threadAliases,
      Stamp stamp,
      @Nullable String name,
      Map<String, String> metadata,
      List<String> threadTags,
      @Nullable String threadMetadataJson,
      @Nullable String runtime,
      @Nullable UserReport user)
      implements OfThread {}

  /** A line of a log. */
  record Logged(
      Stamp stamp,
      @Nullable UUID runId,
      @Nullable UUID parentId,
      String level,
      @Nullable String message,
      @Nullable String extraJson,
      @Nullable UserReport user)
      implements RunEvent {}

  /** An event of a kind that changes nothing but the user. */
  record Noticed(Stamp stamp, @Nullable UserReport user) implements RunEvent {}
}
