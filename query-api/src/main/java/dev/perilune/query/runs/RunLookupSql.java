package dev.perilune.query.runs;

import dev.perilune.runtime.auth.Caller;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the run that an id stands for. What others saw of a run that has not come (deleted and not
 * started) is none.
 */
public final class RunLookupSql {

  // Most runs that somebody opens are new. Bounds that are known when the statement begins keep all
  // other weeks closed, which is most of what a look into every week costs.
  static final String FIND_RECENT =
      """
      SELECT r.project_id, r.id, r.created_at, r.parent_run_id, r.parent_type
        FROM run r
       WHERE r.project_id = $1 AND r.id = $2 AND (r.started OR NOT r.is_deleted)
         AND r.created_at >= now() - interval '8 days'
         AND r.created_at < now() + interval '1 day'
      """;

  // an earlier candidate before a later one, a run of that id before a run that only answers to it
  private static final String FIND =
      """
      SELECT r.project_id, r.id, r.created_at, r.parent_run_id, r.parent_type,
             2 * array_position($2, r.id) AS rank,
             array_position($1, r.project_id) AS project_rank
        FROM run r
       WHERE r.project_id = ANY ($1::uuid[]) AND r.id = ANY ($2::uuid[])
         AND (r.started OR NOT r.is_deleted)
       UNION ALL
      SELECT r.project_id, r.id, r.created_at, r.parent_run_id, r.parent_type,
             2 * array_position($2, a.id) + 1, array_position($1, r.project_id)
        FROM run_alias a
        JOIN run r ON r.project_id = a.project_id AND r.id = a.run_id
                  AND r.created_at = a.run_created_at
       WHERE a.project_id = ANY ($1::uuid[]) AND a.id = ANY ($2::uuid[])
       ORDER BY rank, project_rank
       LIMIT 1
      """;

  private static final String SIBLING_PROJECTS =
      """
      SELECT id
        FROM project
       WHERE org_id = $1 AND id <> $2
       ORDER BY created_at, id
      """;

  private static final String KNOWN_AS =
      """
      SELECT $2::uuid AS id
       UNION
      SELECT id
        FROM run_alias
       WHERE project_id = $1 AND run_id = $2
      """;

  private RunLookupSql() {}

  /**
   * A run and the project it belongs to.
   *
   * @param parentRunId as declared
   * @param parentThere whether the store has the parent
   */
  record Found(
      UUID project,
      UUID id,
      OffsetDateTime createdAt,
      @Nullable UUID parentRunId,
      boolean parentThere) {

    RunKey key() {
      return new RunKey(id, createdAt);
    }
  }

  /** The run of this project that the first fitting id stands for. */
  static Future<Optional<Found>> find(
      SqlConnection connection, UUID project, List<UUID> candidates) {
    // a recent run of the first id comes before all that the other statement could find
    return connection
        .preparedQuery(FIND_RECENT)
        .execute(Tuple.of(project, candidates.get(0)))
        .map(RunLookupSql::first)
        .compose(
            recent ->
                recent.isPresent()
                    ? Future.succeededFuture(recent)
                    : find(connection, List.of(project), candidates));
  }

  /** The run of these projects that the first fitting id stands for. */
  static Future<Optional<Found>> find(
      SqlConnection connection, List<UUID> projects, List<UUID> candidates) {
    if (projects.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return connection
        .preparedQuery(FIND)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(projects.toArray(UUID[]::new))
                .addArrayOfUUID(candidates.toArray(UUID[]::new)))
        .map(RunLookupSql::first);
  }

  /** The organisation's other projects. */
  static Future<List<UUID>> siblingProjects(SqlConnection connection, UUID org, UUID project) {
    return connection
        .preparedQuery(SIBLING_PROJECTS)
        .execute(Tuple.of(org, project))
        .map(RunLookupSql::ids);
  }

  /** Every id under which children may name the parent with this id. */
  public static Future<List<UUID>> parents(SqlConnection connection, Caller caller, String id) {
    UUID project = caller.requiredProject().value();
    RunId parent = RunId.of(id, caller);
    return find(connection, project, parent.candidates())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(List.of(parent.assumed()))
                    : knownAs(connection, project, found.get().id()));
  }

  /** Every id that stands for the run, its own among them. */
  static Future<List<UUID>> knownAs(SqlConnection connection, UUID project, UUID run) {
    return connection
        .preparedQuery(KNOWN_AS)
        .execute(Tuple.of(project, run))
        .map(RunLookupSql::ids);
  }

  private static Optional<Found> first(RowSet<Row> rows) {
    Iterator<Row> row = rows.iterator();
    if (!row.hasNext()) {
      return Optional.empty();
    }
    Row best = row.next();
    return Optional.of(
        new Found(
            best.getUUID("project_id"),
            best.getUUID("id"),
            best.getOffsetDateTime("created_at"),
            best.getUUID("parent_run_id"),
            best.getString("parent_type") != null));
  }

  private static List<UUID> ids(RowSet<Row> rows) {
    List<UUID> ids = new ArrayList<>(rows.size());
    rows.forEach(row -> ids.add(row.getUUID("id")));
    return ids;
  }
}
