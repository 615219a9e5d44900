package dev.perilune.query.analytics;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Names the state of a tenant's figures; any change of them gives it another name. */
final class VersionSql {

  private static final String VERSION =
      """
      SELECT coalesce(sum(version), 0)::bigint
        FROM rollup_version
       WHERE project_id IN (SELECT $1::uuid UNION ALL SELECT id FROM project WHERE org_id = $1)
      """;

  private final Database database;

  VersionSql(Database database) {
    this.database = database;
  }

  /**
   * The version of a project, or of all projects of an organisation; to be read before the figures.
   */
  Future<Long> of(UUID tenant) {
    return database.one(VERSION, Tuple.of(tenant)).map(row -> row.getLong(0));
  }
}
