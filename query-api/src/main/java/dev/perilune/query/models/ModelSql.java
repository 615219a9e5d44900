package dev.perilune.query.models;

import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Reads the prices that apply to an organisation. */
final class ModelSql {
  /** Own and shipped ones together. */
  private static final int MOST = 10_000;

  private static final String ALL =
      """
      SELECT %s
        FROM model_mapping
       WHERE org_id = $1 OR org_id IS NULL
       ORDER BY org_id IS NULL, updated_at DESC, name, id
       LIMIT $2
      """
          .formatted(Models.MODELS.row());

  private final Database database;

  ModelSql(Database database) {
    this.database = database;
  }

  Future<Buffer> all(UUID org) {
    return database.query(ALL, Tuple.of(org, MOST)).map(ResourceSql::array);
  }
}
