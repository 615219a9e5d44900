package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.UserSql.UserKey;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What was deleted and must not come back. */
public final class ForgottenSql {
  private static final String PASS = "SELECT run_gate_pass()";

  private static final String RUNS =
      """
      SELECT t.project_id, t.id, t.deleted_at, t.conversation
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run_tombstone t ON t.project_id = g.project_id AND t.id = g.id
      """;

  private static final String USERS =
      """
      SELECT g.project_id, g.external_id, e.erased_at
        FROM unnest($1::uuid[], $2::text[]) AS g(project_id, external_id)
        JOIN user_erasure e ON e.project_id = g.project_id
                           AND e.user_hash = user_hash(g.project_id, g.external_id)
      """;

  private static final String OWNED =
      """
      SELECT r.project_id, r.id
        FROM unnest($1::uuid[], $2::uuid[]) AS g(project_id, id)
        JOIN run r ON r.project_id = g.project_id AND r.id = g.id
       WHERE r.own_user_id IS NOT NULL
      """;

  private static final String UP_TO =
      """
      UPDATE run_tombstone t
         SET deleted_at = g.deleted_at, conversation = true
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, deleted_at)
       WHERE t.project_id = g.project_id AND t.id = g.id
      """;

  private static final String FORGET = "SELECT run_forget($1, $2)";

  private ForgottenSql() {}

  /**
   * A deleted id.
   *
   * @param deletedAtMicros microseconds since 1970
   * @param conversation whether what was received since may go on with it
   */
  public record Tombstone(long deletedAtMicros, boolean conversation) {

    /** Whether an event that was received then comes to nothing. */
    public boolean holds(long receivedAtMicros) {
      return !conversation || receivedAtMicros <= deletedAtMicros;
    }
  }

  /** Waits while somebody deletes; what is read from now on is what he left. */
  public static void pass(Tx tx) {
    tx.run(PASS, Tuple.tuple());
  }

  /** Those of the ids that were deleted. */
  public static Map<RunKey, Tombstone> runs(Tx tx, Collection<RunKey> keys) {
    Map<RunKey, Tombstone> tombstones = new HashMap<>();
    if (!keys.isEmpty()) {
      tx.run(RUNS, RunSql.keys(keys))
          .forEach(
              row ->
                  tombstones.put(
                      key(row),
                      new Tombstone(
                          Columns.microsOf(row.getOffsetDateTime("deleted_at")),
                          row.getBoolean("conversation"))));
    }
    return tombstones;
  }

  /** When those of the users that were erased were, in microseconds since 1970. */
  public static Map<UserKey, Long> users(Tx tx, Collection<UserKey> users) {
    Map<UserKey, Long> erased = new HashMap<>();
    if (!users.isEmpty()) {
      Tuple values =
          Columns.of(List.copyOf(users))
              .uuid(user -> user.project().value())
              .text(UserKey::externalId)
              .tuple();
      tx.run(USERS, values)
          .forEach(
              row ->
                  erased.put(
                      new UserKey(
                          new ProjectId(row.getUUID("project_id")), row.getString("external_id")),
                      Columns.microsOf(row.getOffsetDateTime("erased_at"))));
    }
    return erased;
  }

  /** Those of the runs that are stored and whose own events name a user. */
  public static Set<RunKey> owned(Tx tx, Collection<RunKey> keys) {
    Set<RunKey> owned = new HashSet<>();
    if (!keys.isEmpty()) {
      tx.run(OWNED, RunSql.keys(keys)).forEach(row -> owned.add(key(row)));
    }
    return owned;
  }

  /** Deletes what is stored of these runs and below them, and remembers their ids. */
  public static void forget(Tx tx, Collection<RunKey> keys) {
    Map<ProjectId, List<UUID>> byProject =
        keys.stream()
            .sorted()
            .collect(
                Collectors.groupingBy(
                    RunKey::project, Collectors.mapping(RunKey::id, Collectors.toList())));
    byProject.forEach(
        (project, ids) ->
            tx.run(FORGET, Tuple.of(project.value()).addArrayOfUUID(ids.toArray(UUID[]::new))));
  }

  /** The same for conversations, which may go on after the given times. */
  public static void forgetThreads(Tx tx, Map<RunKey, Long> threads) {
    if (!threads.isEmpty()) {
      forget(tx, threads.keySet());
      Tuple values =
          Columns.of(List.copyOf(threads.entrySet()))
              .uuid(thread -> thread.getKey().project().value())
              .uuid(thread -> thread.getKey().id())
              .time(Map.Entry::getValue)
              .tuple();
      tx.run(UP_TO, values);
    }
  }

  private static RunKey key(Row row) {
    return new RunKey(new ProjectId(row.getUUID("project_id")), row.getUUID("id"));
  }
}
