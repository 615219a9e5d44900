package dev.perilune.runtime.edit;

import dev.perilune.model.FoldEdit;
import dev.perilune.model.StampedMap;
import dev.perilune.model.wire.Metadata;
import dev.perilune.runtime.edit.RunEdit.Feedback;
import dev.perilune.runtime.edit.RunEdit.OfFold;
import dev.perilune.runtime.edit.RunEdit.Score;
import dev.perilune.runtime.edit.RunEdit.Tags;
import dev.perilune.runtime.edit.RunEdit.Visibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements that change one run, each within the caller's transaction. */
final class RunEditSql {

  // an earlier candidate before a later one, a run of that id before a run that only answers to it
  private static final String FIND =
      """
      SELECT r.id, r.created_at, r.type, 2 * array_position($2, r.id) AS rank
        FROM run r
       WHERE r.project_id = $1 AND r.id = ANY ($2::uuid[])
       UNION ALL
      SELECT r.id, r.created_at, r.type, 2 * array_position($2, a.id) + 1
        FROM run_alias a
        JOIN run r ON r.project_id = a.project_id AND r.id = a.run_id
       WHERE a.project_id = $1 AND a.id = ANY ($2::uuid[])
       ORDER BY rank
       LIMIT 1
      """;

  private static final String LOCK_ALIAS =
      "SELECT 1 FROM run_alias WHERE project_id = $1 AND id = $2 FOR UPDATE";

  private static final String LOCK_RUN =
      "SELECT 1 FROM run WHERE project_id = $1 AND id = $2 AND created_at = $3 FOR UPDATE";

  private static final String LOCK_FOLD =
      """
      SELECT fold
        FROM run_payload
       WHERE project_id = $1 AND run_id = $2 AND created_at = $3
         FOR UPDATE
      """;

  private static final String WRITE_FOLD =
      "UPDATE run_payload SET fold = $4 WHERE project_id = $1 AND run_id = $2 AND created_at = $3";

  private static final String WRITE_FEEDBACK =
      """
      UPDATE run
         SET feedback = CASE jsonb_typeof(feedback) WHEN 'object' THEN feedback ELSE '{}' END
                        || $4::text::jsonb
       WHERE project_id = $1 AND id = $2 AND created_at = $3
      """;

  private static final String WRITE_TAGS =
      "UPDATE run SET tags = $4 WHERE project_id = $1 AND id = $2 AND created_at = $3";

  private static final String WRITE_VISIBILITY =
      "UPDATE run SET is_public = $4 WHERE project_id = $1 AND id = $2 AND created_at = $3";

  private static final String COUNT = "SELECT rollup_add($1, $2, ARRAY[$3::uuid])";

  private static final String MAKE_ALIASES =
      """
      INSERT INTO run_alias (project_id, id)
      SELECT $1, id FROM unnest($2::uuid[]) AS g(id) ORDER BY id
          ON CONFLICT (project_id, id) DO NOTHING
      """;

  private static final String ALIASES =
      """
      SELECT id, feedback, edits
        FROM run_alias
       WHERE project_id = $1 AND id = ANY ($2::uuid[])
       ORDER BY id
         FOR UPDATE
      """;

  private static final String WRITE_ALIAS =
      "UPDATE run_alias SET feedback = $3, edits = $4 WHERE project_id = $1 AND id = $2";

  private static final String SCORE =
      """
      INSERT INTO run_score (project_id, run_id, label, value, comment)
      SELECT $1, id, $3, $4::text::jsonb, $5 FROM unnest($2::uuid[]) AS g(id) ORDER BY id
          ON CONFLICT (project_id, run_id, label) DO UPDATE
         SET value = excluded.value, comment = excluded.comment, updated_at = now()
      """;

  private static final String DELETED =
      "SELECT 1 FROM run_tombstone WHERE project_id = $1 AND id = ANY ($2::uuid[])";

  // who can't get in soon gives up: while he waits, no processor begins a batch
  private static final String GATE_LIMIT = "SET LOCAL lock_timeout = 2000";

  private static final String CLOSE_GATE = "SELECT run_gate_close()";

  private RunEditSql() {}

  /** Where a run is stored. */
  record Stored(UUID id, OffsetDateTime createdAt, String type) {
    Tuple key(UUID project) {
      return Tuple.of(project, id, createdAt);
    }
  }

  static Future<Optional<Stored>> find(
      SqlConnection connection, UUID project, List<UUID> candidates) {
    return connection
        .preparedQuery(FIND)
        .execute(ids(project, candidates))
        .map(
            rows -> {
              Iterator<Row> row = rows.iterator();
              return row.hasNext() ? Optional.of(stored(row.next())) : Optional.empty();
            });
  }

  /** Locks the run and what is locked before it; tells whether it is still there. */
  static Future<Boolean> lock(SqlConnection connection, UUID project, Stored run) {
    return connection
        .preparedQuery(LOCK_ALIAS)
        .execute(Tuple.of(project, run.id()))
        .compose(alias -> connection.preparedQuery(LOCK_RUN).execute(run.key(project)))
        .map(rows -> rows.size() > 0);
  }

  /** Changes a run that is locked. */
  static Future<Void> write(
      SqlConnection connection, UUID project, Stored run, RunEdit edit, long nowMicros) {
    if (edit instanceof Score score) {
      return score(connection, project, List.of(run.id()), score);
    }
    OfFold change = (OfFold) edit;
    if (change.words().isEmpty()) {
      return Future.succeededFuture();
    }
    return fold(connection, project, run, change, nowMicros)
        .compose(written -> count(connection, -1, project, run))
        .compose(gone -> row(connection, project, run, change))
        .compose(written -> count(connection, 1, project, run));
  }

  /** Keeps a change for the run that will have one of these ids. */
  static Future<Void> keep(
      SqlConnection connection, UUID project, List<UUID> ids, RunEdit edit, long nowMicros) {
    if (edit instanceof Score score) {
      return score(connection, project, ids, score);
    }
    OfFold change = (OfFold) edit;
    if (change.words().isEmpty()) {
      return Future.succeededFuture();
    }
    StampedMap said = new StampedMap();
    said.say(change.words(), nowMicros);
    return connection
        .preparedQuery(MAKE_ALIASES)
        .execute(ids(project, ids))
        .compose(made -> join(connection, project, ids, change.part(), said));
  }

  /** Whether one of the ids was deleted. */
  static Future<Boolean> isDeleted(SqlConnection connection, UUID project, List<UUID> ids) {
    return connection
        .preparedQuery(DELETED)
        .execute(ids(project, ids))
        .map(rows -> rows.size() > 0);
  }

  /** Waits for the batches under way, two seconds at most; the next ones wait for us. */
  static Future<Void> closeGate(SqlConnection connection) {
    return connection
        .query(GATE_LIMIT)
        .execute()
        .compose(limited -> connection.query(CLOSE_GATE).execute())
        .mapEmpty();
  }

  private static Future<Void> fold(
      SqlConnection connection, UUID project, Stored run, OfFold change, long nowMicros) {
    return connection
        .preparedQuery(LOCK_FOLD)
        .execute(run.key(project))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture();
              }
              String before = rows.iterator().next().getString("fold");
              var after = FoldEdit.say(before, change.part(), change.words(), nowMicros);
              var written =
                  connection
                      .preparedQuery(WRITE_FOLD)
                      .execute(run.key(project).addString(after.fold()));
              return FoldEdit.isExchange(before)
                  ? written.compose(
                      row ->
                          join(connection, project, List.of(run.id()), change.part(), after.said()))
                  : written.mapEmpty();
            });
  }

  private static Future<Void> row(
      SqlConnection connection, UUID project, Stored run, OfFold change) {
    Tuple key = run.key(project);
    Future<RowSet<Row>> written;
    if (change instanceof Feedback feedback) {
      String words = Metadata.object(feedback.words());
      written = connection.preparedQuery(WRITE_FEEDBACK).execute(key.addString(words));
    } else if (change instanceof Tags tags) {
      String[] texts = tags.tags() == null ? null : tags.tags().toArray(String[]::new);
      written = connection.preparedQuery(WRITE_TAGS).execute(key.addArrayOfString(texts));
    } else {
      boolean isPublic = ((Visibility) change).isPublic();
      written = connection.preparedQuery(WRITE_VISIBILITY).execute(key.addBoolean(isPublic));
    }
    return written.mapEmpty();
  }

  /** Joins words with what was said for these ids before. */
  private static Future<Void> join(
      SqlConnection connection, UUID project, List<UUID> ids, String part, StampedMap said) {
    return connection
        .preparedQuery(ALIASES)
        .execute(ids(project, ids))
        .compose(
            rows -> {
              Future<Void> all = Future.succeededFuture();
              for (Row row : rows) {
                all = all.compose(last -> joinOne(connection, project, row, part, said));
              }
              return all;
            });
  }

  private static Future<Void> joinOne(
      SqlConnection connection, UUID project, Row row, String part, StampedMap said) {
    boolean isFeedback = part.equals(FoldEdit.FEEDBACK);
    String feedback = row.getString("feedback");
    String edits = row.getString("edits");
    StampedMap words = StampedMap.parse(isFeedback ? feedback : edits);
    words.join(said);
    return connection
        .preparedQuery(WRITE_ALIAS)
        .execute(
            Tuple.of(
                project,
                row.getUUID("id"),
                isFeedback ? words.json() : feedback,
                isFeedback ? edits : words.json()))
        .mapEmpty();
  }

  private static Future<Void> score(
      SqlConnection connection, UUID project, List<UUID> ids, Score score) {
    return connection
        .preparedQuery(SCORE)
        .execute(
            ids(project, ids)
                .addString(score.label())
                .addString(score.value())
                .addString(score.comment()))
        .mapEmpty();
  }

  private static Future<Void> count(SqlConnection connection, int sign, UUID project, Stored run) {
    return connection.preparedQuery(COUNT).execute(Tuple.of(sign, project, run.id())).mapEmpty();
  }

  private static Tuple ids(UUID project, List<UUID> ids) {
    return Tuple.of(project).addArrayOfUUID(ids.toArray(UUID[]::new));
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.getUUID("id"), row.getOffsetDateTime("created_at"), row.getString("type"));
  }
}
