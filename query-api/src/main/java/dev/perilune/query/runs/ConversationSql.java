package dev.perilune.query.runs;

import dev.perilune.query.runs.RunLinks.Conversation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks how conversations begin and how many messages they have. Messages that were reported one by
 * one are rows of their own; an exchange that an older client reported as a run of type chat is
 * counted from that run: a list by its length, anything else as one message.
 */
final class ConversationSql {

  private static final String MESSAGES =
      """
      SELECT k.id AS run_id, counted.messages, first.message AS first_message, first.at_micros
        FROM unnest($2::uuid[]) AS k (id)
       CROSS JOIN LATERAL (SELECT count(*) AS messages
                             FROM thread_message m
                            WHERE m.project_id = $1 AND m.thread_id = k.id AND m.kind = 'chat'
             ) counted
        LEFT JOIN LATERAL (SELECT m.message, m.at_micros
                             FROM thread_message m
                            WHERE m.project_id = $1 AND m.thread_id = k.id AND m.kind = 'chat'
                            ORDER BY m.at_micros, m.position, m.tie
                            LIMIT 1
             ) first ON TRUE
      """;

  private static final String MESSAGES_OF_SIDE =
      """
      CASE WHEN side IS NULL OR side = 'null' THEN 0
           WHEN side LIKE '[%' THEN json_array_length(side::json)
           ELSE 1 END\
      """;

  private static final String OLD_EXCHANGES =
      """
      WITH told AS (
        SELECT message_id AS id
          FROM thread_message
         WHERE project_id = $1 AND thread_id = ANY ($2)
         UNION
        SELECT run_id
          FROM thread_message
         WHERE project_id = $1 AND thread_id = ANY ($2) AND run_id IS NOT NULL
      )
      SELECT known.run_id, sum(counted.messages)::bigint AS messages,
             (array_agg(coalesce(p.input, p.output) ORDER BY c.created_at, c.id))[1]
               AS first_side,
             (extract(epoch FROM min(c.created_at)) * 1000000)::bigint AS at_micros
        FROM KNOWN_AS known
        JOIN run c ON c.project_id = $1 AND c.parent_run_id = known.id AND c.type = 'chat'
        JOIN run_payload p
          ON p.project_id = $1 AND p.run_id = c.id AND p.created_at = c.created_at
        LEFT JOIN told ON told.id = c.id
       CROSS JOIN LATERAL (SELECT sum(MESSAGES_OF_SIDE) AS messages
                             FROM unnest(ARRAY[p.input, p.output]) AS side) counted
       WHERE told.id IS NULL
       GROUP BY known.run_id
      """
          .replace("KNOWN_AS", RunLinksSql.KNOWN_AS)
          .replace("MESSAGES_OF_SIDE", MESSAGES_OF_SIDE);

  private ConversationSql() {}

  /** What was said in these threads, by thread. */
  static Future<Map<UUID, Conversation>> conversations(
      SqlConnection connection, UUID project, List<UUID> threads) {
    var messages = RunLinksSql.ask(connection, MESSAGES, project, threads);
    var old = RunLinksSql.ask(connection, OLD_EXCHANGES, project, threads);
    return Future.all(messages, old).map(all -> merged(messages.result(), old.result()));
  }

  private static Map<UUID, Conversation> merged(List<Row> messages, List<Row> old) {
    Map<UUID, Row> oldByThread = new HashMap<>();
    old.forEach(row -> oldByThread.put(row.getUUID("run_id"), row));
    Map<UUID, Conversation> conversations = new HashMap<>();
    for (Row row : messages) {
      UUID thread = row.getUUID("run_id");
      conversations.put(thread, conversation(row, oldByThread.get(thread)));
    }
    return conversations;
  }

  private static Conversation conversation(Row told, @Nullable Row old) {
    Long toldAt = told.getLong("at_micros");
    if (old == null) {
      return new Conversation(told.getString("first_message"), told.getLong("messages"));
    }
    boolean oldFirst = toldAt == null || old.getLong("at_micros") < toldAt;
    return new Conversation(
        oldFirst
            ? PayloadJson.firstMessage(old.getString("first_side"))
            : told.getString("first_message"),
        told.getLong("messages") + old.getLong("messages"));
  }
}
