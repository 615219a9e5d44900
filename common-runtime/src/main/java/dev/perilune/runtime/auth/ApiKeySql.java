package dev.perilune.runtime.auth;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.auth.Caller.Kind;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/** Asks Postgres for a key. Keys are stored as hashes: whoever reads the table cannot use them. */
public final class ApiKeySql {

  // a project's id is its public key, whether or not a row says so
  private static final String FIND =
      """
      SELECT 0 AS rank, type, project_id, org_id
        FROM api_key
       WHERE key_hash = $1
       UNION ALL
      SELECT 1, 'public', id, org_id
        FROM project
       WHERE id = $2 AND deleted_at IS NULL
       ORDER BY rank
       LIMIT 1
      """;

  private final Database database;

  ApiKeySql(Database database) {
    this.database = database;
  }

  Future<Optional<Caller>> find(UUID key) {
    return database
        .maybeOne(FIND, Tuple.of(Buffer.buffer(hash(key)), key))
        .map(row -> row.map(found -> caller(key, found)));
  }

  /** What {@code api_key.key_hash} holds: SHA-256 of the key's lower-case text. */
  public static byte[] hash(UUID key) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(key.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }

  private static Caller caller(UUID key, Row row) {
    UUID project = row.getUUID("project_id");
    return new Caller(
        switch (row.getString("type")) {
          case "private" -> Kind.PRIVATE_KEY;
          case "org_private" -> Kind.ORG_KEY;
          default -> Kind.PUBLIC_KEY;
        },
        project == null ? null : new ProjectId(project),
        row.getUUID("org_id"),
        key);
  }
}
