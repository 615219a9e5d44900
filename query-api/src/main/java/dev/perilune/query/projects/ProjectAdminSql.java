package dev.perilune.query.projects;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the command line asks about the projects of a whole installation. */
public final class ProjectAdminSql {
  private static final int MOST = 10_000;

  private static final String ORGS = "SELECT id FROM org ORDER BY created_at, id LIMIT $1";

  private static final String PROJECTS =
      """
      SELECT p.id, p.name, p.created_at, p.org_id, o.name AS org_name,
             (SELECT k.hint FROM api_key k
               WHERE k.project_id = p.id AND k.type = 'private'
               ORDER BY k.created_at DESC, k.id LIMIT 1) AS hint
        FROM project p
        JOIN org o ON o.id = p.org_id
       WHERE p.deleted_at IS NULL
       ORDER BY o.created_at, o.id, p.created_at, p.id
       LIMIT $1
      """;

  private final Database database;

  public ProjectAdminSql(Database database) {
    this.database = database;
  }

  /**
   * A project of any organisation.
   *
   * @param keyHint the last characters of its private key; null when it has none
   */
  public record Listed(
      UUID id,
      String name,
      Instant createdAt,
      UUID org,
      String orgName,
      @Nullable String keyHint) {}

  /** All organisations, the oldest first. */
  public Future<List<UUID>> organisations() {
    return database
        .query(ORGS, Tuple.of(MOST))
        .map(
            rows -> {
              List<UUID> orgs = new ArrayList<>();
              rows.forEach(row -> orgs.add(row.getUUID("id")));
              return orgs;
            });
  }

  /** All projects by organisation, the oldest first. */
  public Future<List<Listed>> projects() {
    return database
        .query(PROJECTS, Tuple.of(MOST))
        .map(
            rows -> {
              List<Listed> projects = new ArrayList<>();
              rows.forEach(row -> projects.add(listed(row)));
              return projects;
            });
  }

  private static Listed listed(Row row) {
    return new Listed(
        row.getUUID("id"),
        row.getString("name"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getUUID("org_id"),
        row.getString("org_name"),
        row.getString("hint"));
  }
}
