package dev.perilune.standalone;

import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.config.PgSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the first project and its keys in Postgres; running it again changes nothing. */
final class FirstProject {
  private static final String ORGANISATION_OF =
      """
      SELECT org_id
        FROM project
       WHERE id = ? AND deleted_at IS NULL
      """;
  private static final String ORGANISATION_BY_KEY =
      """
      SELECT org_id
        FROM api_key
       WHERE key_hash = ? AND type = 'org_private'
      """;
  private static final String CREATE =
      """
      WITH made AS (
        INSERT INTO org (id, name) VALUES (gen_random_uuid(), 'My organisation') RETURNING id
      )
      INSERT INTO project (id, org_id, name)
      SELECT ?, id, 'My project'
        FROM made
      RETURNING org_id
      """;
  private static final String FORGET_OTHER_KEYS =
      """
      DELETE FROM api_key
       WHERE org_id = ? AND project_id IS NOT DISTINCT FROM ?::uuid AND type = ? AND key_hash <> ?
      """;
  private static final String ADD_KEY_WHERE_NONE_IS =
      """
      INSERT INTO api_key (key_hash, hint, type, org_id, project_id)
      SELECT ?, ?, ?, ?, ?::uuid
       WHERE NOT EXISTS (
         SELECT FROM api_key
          WHERE org_id = ? AND project_id IS NOT DISTINCT FROM ?::uuid AND type = ?)
      """;
  private static final String UNIQUE_VIOLATION = "23505";

  private final Connection connection;
  private final FirstKeys keys;

  private FirstProject(Connection connection, FirstKeys keys) {
    this.connection = connection;
    this.keys = keys;
  }

  /**
   * Creates what is missing, in one transaction.
   *
   * @param replacesKeys whether keys that were changed since give way to these; else they stay
   */
  static void ensure(PgSettings settings, FirstKeys keys, boolean replacesKeys) {
    try (Connection connection =
        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password())) {
      connection.setAutoCommit(false);
      new FirstProject(connection, keys).ensure(replacesKeys);
      connection.commit();
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw new StartRefused(
            "PERILUNE_PRIVATE_KEY or PERILUNE_ORG_KEY is a key of another project already."
                + " Choose other UUIDs, or set PERILUNE_PROJECT_ID to that project.");
      }
      throw new StartRefused("Cannot make the first project: " + e.getMessage());
    }
  }

  private void ensure(boolean replacesKeys) throws SQLException {
    Optional<UUID> known = organisation(ORGANISATION_OF, keys.projectId());
    if (known.isEmpty()
        && !replacesKeys
        && organisation(ORGANISATION_BY_KEY, ApiKeySql.hash(keys.organisationKey())).isPresent()) {
      return; // the organisation deleted it since: it must not come back
    }
    UUID organisation =
        known.isPresent() ? known.get() : organisation(CREATE, keys.projectId()).orElseThrow();
    ensureKey("private", keys.privateKey(), organisation, keys.projectId(), replacesKeys);
    ensureKey("org_private", keys.organisationKey(), organisation, null, replacesKeys);
  }

  private Optional<UUID> organisation(String sql, Object value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }

  private void ensureKey(
      String type, UUID key, UUID organisation, @Nullable UUID project, boolean replaces)
      throws SQLException {
    byte[] hash = ApiKeySql.hash(key);
    if (replaces) {
      update(FORGET_OTHER_KEYS, organisation, project, type, hash);
    }
    String text = key.toString();
    String hint = text.substring(text.length() - 4);
    update(
        ADD_KEY_WHERE_NONE_IS,
        hash,
        hint,
        type,
        organisation,
        project,
        organisation,
        project,
        type);
  }

  private void update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          statement.setNull(i + 1, Types.OTHER);
        } else {
          statement.setObject(i + 1, values[i]);
        }
      }
      statement.executeUpdate();
    }
  }
}
