package dev.perilune.runtime.edit;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The statements that delete runs, each within the caller's transaction. */
final class RunDeletionSql {
  private static final String BELOW =
      "SELECT id FROM run_below($1, ARRAY[$2::uuid]) WHERE depth > 0 ORDER BY depth DESC, id";

  private static final String FORGET = "SELECT run_forget($1, $2) AS deleted";

  private static final String FORGET_LETTERS = "SELECT letter_forget($1, $2)";

  private RunDeletionSql() {}

  /** What is below a run, the farthest first; nothing for an unknown one. */
  static Future<List<UUID>> below(SqlConnection connection, UUID project, List<UUID> candidates) {
    return RunEditSql.find(connection, project, candidates)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(List.<UUID>of())
                    : connection
                        .preparedQuery(BELOW)
                        .execute(Tuple.of(project, found.get().id()))
                        .map(
                            rows -> {
                              List<UUID> ids = new ArrayList<>(rows.size());
                              rows.forEach(row -> ids.add(row.getUUID("id")));
                              return ids;
                            }));
  }

  /** Deletes runs and what is below them; the gate must be closed. */
  static Future<Long> forget(SqlConnection connection, UUID project, List<UUID> runs) {
    return connection
        .preparedQuery(FORGET)
        .execute(Tuple.of(project).addArrayOfUUID(runs.toArray(UUID[]::new)))
        .map(rows -> rows.iterator().next().getLong("deleted"));
  }

  /** Deletes dead letters that name a deleted run or have one of these bytes in them. */
  static Future<Void> forgetLetters(SqlConnection connection, UUID project, List<Buffer> texts) {
    return connection
        .preparedQuery(FORGET_LETTERS)
        .execute(Tuple.of(project).addArrayOfBuffer(texts.toArray(Buffer[]::new)))
        .mapEmpty();
  }
}
