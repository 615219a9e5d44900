package dev.perilune.query.projects;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Projects and their keys. Keys are kept as hashes; only who makes one ever sees it whole. */
public final class ProjectSql {

  // of the key only its last characters are known
  private static final String SHOWN =
      """
      SELECT json_build_object(
               'id', p.id,
               'createdAt', to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'name', p.name, 'orgId', p.org_id, 'dataRetentionDays', p.data_retention_days,
               'filters', (SELECT r.filters FROM ingestion_rule r
                            WHERE r.project_id = p.id AND r.type = 'filtering'),
               'activated', EXISTS (SELECT FROM run r WHERE r.project_id = p.id),
               'publicApiKey', p.id,
               'privateApiKey', (SELECT '********-****-****-****-********' || k.hint
                                   FROM api_key k
                                  WHERE k.project_id = p.id AND k.type = 'private'
                                  ORDER BY k.created_at DESC, k.id LIMIT 1),
               'projects', (SELECT json_agg(o.id ORDER BY o.created_at, o.id)
                              FROM project o
                             WHERE o.org_id = p.org_id AND o.deleted_at IS NULL
                               AND ($2::uuid IS NULL OR o.id = $2)),
               'homeDashboardId', (SELECT d.id FROM dashboard d
                                    WHERE d.project_id = p.id AND d.is_home))::text AS json
        FROM project p
       WHERE p.org_id = $1 AND p.deleted_at IS NULL AND ($2::uuid IS NULL OR p.id = $2)
       ORDER BY p.created_at, p.id
       LIMIT $3 OFFSET $4
      """;

  private static final String ALIVE =
      """
      SELECT name, data_retention_days
        FROM project
       WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL
         FOR NO KEY UPDATE
      """;

  private static final String CREATE =
      """
      INSERT INTO project (id, org_id, name)
      VALUES ($1, $2, $3)
      RETURNING to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
      """;

  private static final String BUILT_IN_EVALUATORS =
      """
      INSERT INTO evaluator (project_id, name, slug, type, kind)
      SELECT $1, name, slug, type, 'builtin'
        FROM (VALUES ('Language', 'language', 'language'), ('PII Detection', 'pii-detection', 'pii'),
                     ('Topics Detection', 'topics-detection', 'topics'),
                     ('Intent Detection', 'intent-detection', 'intent'),
                     ('Toxicity', 'toxicity', 'toxicity')) AS built_in (name, slug, type)
      """;

  private static final String ADD_KEY =
      """
      INSERT INTO api_key (key_hash, hint, type, org_id, project_id) VALUES ($1, $2, $3, $4, $5)
      """;

  private static final String DROP_PRIVATE_KEYS =
      "DELETE FROM api_key WHERE project_id = $1 AND type = 'private'";

  private static final String CHANGE =
      "UPDATE project SET name = $2, data_retention_days = $3 WHERE id = $1";

  // deletions in one organisation come one after the other, so that one project always stays
  private static final String LOCK_ORG = "SELECT id FROM org WHERE id = $1 FOR NO KEY UPDATE";

  private static final String OTHERS =
      """
      SELECT count(*) FILTER (WHERE id = $2) AS mine, count(*) FILTER (WHERE id <> $2) AS others
        FROM project
       WHERE org_id = $1 AND deleted_at IS NULL
      """;

  private static final String DROP_KEYS = "DELETE FROM api_key WHERE project_id = $1";

  private static final String DELETE = "UPDATE project SET deleted_at = now() WHERE id = $1";

  private final Database database;

  public ProjectSql(Database database) {
    this.database = database;
  }

  /**
   * A project that was just made.
   *
   * @param id also its public key
   * @param privateKey kept nowhere
   * @param createdAt ISO-8601, UTC, milliseconds
   */
  public record NewProject(UUID id, UUID privateKey, String createdAt) {}

  /** Projects of an organisation, the oldest first, or only the one that is asked for. */
  Future<Buffer> list(UUID org, @Nullable UUID only, int limit, int page) {
    return database
        .query(SHOWN, Tuple.of(org, only, limit, (long) limit * page))
        .map(ResourceSql::array);
  }

  /** Makes a project with both keys and the evaluators that every project has. */
  public Future<NewProject> create(UUID org, String name, Audit deed) {
    UUID id = UUID.randomUUID();
    UUID key = UUID.randomUUID();
    return database.inTransaction(
        connection ->
            run(connection, CREATE, Tuple.of(id, org, name))
                .compose(
                    made ->
                        addKey(connection, id, "public", org, id)
                            .compose(done -> addKey(connection, key, "private", org, id))
                            .compose(done -> run(connection, BUILT_IN_EVALUATORS, Tuple.of(id)))
                            .compose(
                                done -> AuditSql.write(connection, deed.in(id).on("project", id)))
                            .map(
                                done ->
                                    new NewProject(
                                        id, key, made.orElseThrow().getString("created_at")))));
  }

  /**
   * Gives a project a new private key; the ones before open nothing any more.
   *
   * @return fails with {@link Problem.NotFound} where the organisation has no such project
   */
  public Future<UUID> rotateKey(UUID org, UUID project, Audit deed) {
    UUID key = UUID.randomUUID();
    return database.inTransaction(
        connection ->
            alive(connection, org, project)
                .compose(row -> run(connection, DROP_PRIVATE_KEYS, Tuple.of(project)))
                .compose(dropped -> addKey(connection, key, "private", org, project))
                .compose(added -> AuditSql.write(connection, deed.in(project)))
                .map(key));
  }

  /** Checks that the organisation has such a project. */
  Future<Void> require(UUID org, UUID project) {
    return database.inTransaction(connection -> alive(connection, org, project)).mapEmpty();
  }

  /** Changes what the patch gives. */
  Future<Void> change(UUID org, UUID project, ProjectPatch patch, Audit rename, Audit retention) {
    return database.inTransaction(
        connection ->
            alive(connection, org, project)
                .compose(
                    row -> {
                      String name = patch.name() == null ? row.getString("name") : patch.name();
                      Integer days =
                          patch.setsRetention()
                              ? patch.retentionDays()
                              : row.getInteger("data_retention_days");
                      return run(connection, CHANGE, Tuple.of(project, name, days));
                    })
                .compose(done -> wrote(connection, patch.name() != null, rename.in(project)))
                .compose(done -> wrote(connection, patch.setsRetention(), retention.in(project))));
  }

  /**
   * Ends a project: its keys open nothing from here on, its data is deleted behind this.
   *
   * @return fails with {@link Problem.NotFound} where the organisation has no such project, with
   *     {@link Problem.Refused} for its last one
   */
  Future<Void> delete(UUID org, UUID project, Audit deed) {
    return database.inTransaction(
        connection ->
            run(connection, LOCK_ORG, Tuple.of(org))
                .compose(locked -> run(connection, OTHERS, Tuple.of(org, project)))
                .compose(
                    counts -> {
                      if (counts.orElseThrow().getLong("mine") == 0) {
                        throw new Problem.NotFound("Project not found");
                      }
                      if (counts.orElseThrow().getLong("others") == 0) {
                        throw new Problem.Refused(
                            "Deletion Failed", "An organisation keeps at least one project");
                      }
                      return AuditSql.write(connection, deed.in(project));
                    })
                .compose(done -> run(connection, DROP_KEYS, Tuple.of(project)))
                .compose(done -> run(connection, DELETE, Tuple.of(project)))
                .mapEmpty());
  }

  private static Future<Void> wrote(SqlConnection connection, boolean done, Audit deed) {
    return done ? AuditSql.write(connection, deed) : Future.succeededFuture();
  }

  private static Future<Row> alive(SqlConnection connection, UUID org, UUID project) {
    return run(connection, ALIVE, Tuple.of(org, project))
        .map(row -> row.orElseThrow(() -> new Problem.NotFound("Project not found")));
  }

  private static Future<Optional<Row>> addKey(
      SqlConnection connection, UUID key, String type, UUID org, UUID project) {
    String text = key.toString();
    Buffer hash = Buffer.buffer(ApiKeySql.hash(key));
    String hint = text.substring(text.length() - 4);
    return run(connection, ADD_KEY, Tuple.of(hash, hint, type, org, project));
  }

  private static Future<Optional<Row>> run(SqlConnection connection, String sql, Tuple values) {
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next()));
  }
}
