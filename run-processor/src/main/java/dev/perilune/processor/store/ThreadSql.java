package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.model.Stamp;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was said in conversations. */
public final class ThreadSql {
  private static final String INSERT =
      """
      INSERT INTO thread_message AS m
             (project_id, thread_id, at_micros, position, tie, message_id, aliases, kind, name, role,
              retry, message, tags, metadata, user_id, runtime)
      SELECT project_id, thread_id, at_micros, position, tie, message_id, aliases::uuid[], kind, name,
             role, retry, message, tags::text[], metadata::jsonb, user_id, runtime
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::integer[], $5::bigint[], $6::uuid[],
                    $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::text[],
                    $13::text[], $14::text[], $15::bigint[], $16::text[])
             AS g(project_id, thread_id, at_micros, position, tie, message_id, aliases, kind, name,
                  role, retry, message, tags, metadata, user_id, runtime)
          ON CONFLICT (project_id, thread_id, message_id, tie) DO UPDATE
         SET at_micros = LEAST(m.at_micros, excluded.at_micros)
      """;

  /** From the last message before the given time that opens an exchange, to the end. */
  private static final String SINCE =
      """
      SELECT m.project_id, m.thread_id, m.at_micros, m.position, m.tie, m.message_id, m.aliases,
             m.kind, m.name, m.role, m.retry, m.tags, m.metadata::text AS metadata, m.user_id,
             m.runtime, m.run_id, m.opens
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS g(project_id, thread_id, at_micros)
        LEFT JOIN LATERAL
             (SELECT o.at_micros, o.position, o.tie
                FROM thread_message o
               WHERE o.project_id = g.project_id AND o.thread_id = g.thread_id
                 AND o.opens AND o.at_micros < g.at_micros
               ORDER BY o.at_micros DESC, o.position DESC, o.tie DESC
               LIMIT 1) AS s ON true
        JOIN thread_message m
          ON m.project_id = g.project_id AND m.thread_id = g.thread_id
         AND m.at_micros >= COALESCE(s.at_micros, m.at_micros)
         AND (s.at_micros IS NULL
              OR (m.at_micros, m.position, m.tie) >= (s.at_micros, s.position, s.tie))
       ORDER BY m.project_id, m.thread_id, m.at_micros, m.position, m.tie
      """;

  private static final String TEXTS =
      """
      SELECT m.project_id, m.thread_id, m.message_id, m.tie, m.message
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
             AS g(project_id, thread_id, message_id, tie)
        JOIN thread_message m
          ON m.project_id = g.project_id AND m.thread_id = g.thread_id
         AND m.message_id = g.message_id AND m.tie = g.tie
      """;

  private static final String ASSIGN =
      """
      UPDATE thread_message m
         SET run_id = g.run_id, opens = g.opens
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::uuid[], $6::boolean[])
             AS g(project_id, thread_id, message_id, tie, run_id, opens)
       WHERE m.project_id = g.project_id AND m.thread_id = g.thread_id
         AND m.message_id = g.message_id AND m.tie = g.tie
      """;

  private ThreadSql() {}

  /** Names a message row: the same event delivered again is the same row. */
  public record MessageKey(RunKey thread, UUID messageId, long tie) {}

  /**
   * One message, or one custom event.
   *
   * @param messageJson {@code null} for custom events, and where it was not read
   * @param runId the exchange that it was part of at the last fold
   * @param opens whether it opened an exchange at the last fold
   */
  public record MessageRow(
      RunKey thread,
      Stamp stamp,
      UUID messageId,
      List<UUID> aliases,
      boolean custom,
      @Nullable String name,
      @Nullable String role,
      boolean retry,
      @Nullable String messageJson,
      @Nullable List<String> tags,
      @Nullable String metadata,
      @Nullable Long userId,
      @Nullable String runtime,
      @Nullable UUID runId,
      boolean opens) {

    /** The row's key. */
    public MessageKey key() {
      return new MessageKey(thread, messageId, stamp.tie());
    }
  }

  /** Where a message belongs now. */
  public record Assignment(MessageKey message, UUID runId, boolean opens) {}

  /** Adds messages; those that are there already stay, with the earlier of both times. */
  public static void insert(Tx tx, Collection<MessageRow> messages) {
    List<MessageRow> ordered =
        messages.stream()
            .sorted(
                Comparator.comparing(MessageRow::thread)
                    .thenComparing(MessageRow::messageId)
                    .thenComparing(row -> row.stamp().tie()))
            .toList();
    tx.run(
        INSERT,
        Columns.of(ordered)
            .uuid(row -> row.thread().project().value())
            .uuid(row -> row.thread().id())
            .bigint(row -> row.stamp().atMicros())
            .integer(row -> row.stamp().position())
            .bigint(row -> row.stamp().tie())
            .uuid(MessageRow::messageId)
            .texts(row -> row.aliases().stream().map(UUID::toString).toList())
            .text(row -> row.custom() ? "custom-event" : "chat")
            .text(MessageRow::name)
            .text(MessageRow::role)
            .bool(MessageRow::retry)
            .text(MessageRow::messageJson)
            .texts(MessageRow::tags)
            .text(MessageRow::metadata)
            .bigint(MessageRow::userId)
            .text(MessageRow::runtime)
            .tuple());
  }

  /**
   * Reads each thread from the exchange that was open before the given time (microseconds since
   * 1970) to its end, without the texts of the messages.
   */
  public static Map<RunKey, List<MessageRow>> since(Tx tx, Map<RunKey, Long> threads) {
    List<Map.Entry<RunKey, Long>> given = List.copyOf(threads.entrySet());
    Map<RunKey, List<MessageRow>> messages = new HashMap<>();
    tx.run(
            SINCE,
            Columns.of(given)
                .uuid(thread -> thread.getKey().project().value())
                .uuid(thread -> thread.getKey().id())
                .bigint(Map.Entry::getValue)
                .tuple())
        .forEach(
            row ->
                messages.computeIfAbsent(thread(row), key -> new ArrayList<>()).add(message(row)));
    return messages;
  }

  /** Reads the texts of these messages. */
  public static Map<MessageKey, String> texts(Tx tx, Collection<MessageKey> keys) {
    Map<MessageKey, String> texts = new HashMap<>();
    if (!keys.isEmpty()) {
      tx.run(TEXTS, keys(Columns.of(List.copyOf(keys)), key -> key).tuple())
          .forEach(
              row ->
                  texts.put(
                      new MessageKey(thread(row), row.getUUID("message_id"), row.getLong("tie")),
                      row.getString("message")));
    }
    return texts;
  }

  /** Notes which exchange each message is part of. */
  public static void assign(Tx tx, List<Assignment> assignments) {
    if (!assignments.isEmpty()) {
      tx.run(
          ASSIGN,
          keys(Columns.of(assignments), Assignment::message)
              .uuid(Assignment::runId)
              .bool(Assignment::opens)
              .tuple());
    }
  }

  private static <T> Columns<T> keys(
      Columns<T> columns, java.util.function.Function<T, MessageKey> key) {
    return columns
        .uuid(row -> key.apply(row).thread().project().value())
        .uuid(row -> key.apply(row).thread().id())
        .uuid(row -> key.apply(row).messageId())
        .bigint(row -> key.apply(row).tie());
  }

  private static RunKey thread(Row row) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID("thread_id"));
  }

  private static MessageRow message(Row row) {
    UUID[] aliases = row.getArrayOfUUIDs("aliases");
    String[] tags = row.getArrayOfStrings("tags");
    return new MessageRow(
        thread(row),
        new Stamp(row.getLong("at_micros"), row.getInteger("position"), row.getLong("tie")),
        row.getUUID("message_id"),
        aliases == null ? List.of() : Arrays.asList(aliases),
        row.getString("kind").equals("custom-event"),
        row.getString("name"),
        row.getString("role"),
        row.getBoolean("retry"),
        null,
        tags == null ? null : Arrays.asList(tags),
        row.getString("metadata"),
        row.getLong("user_id"),
        row.getString("runtime"),
        row.getUUID("run_id"),
        row.getBoolean("opens"));
  }
}
