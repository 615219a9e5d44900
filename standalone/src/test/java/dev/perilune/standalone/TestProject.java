package dev.perilune.standalone;

import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.config.PgSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A project of its own for one replay, so that the same events can come again as if for the first
 * time.
 *
 * @param id also its public key
 */
record TestProject(UUID id, UUID privateKey) {
  private static final String CREATE =
      """
      WITH made_org AS (
        INSERT INTO org (id, name) VALUES (gen_random_uuid(), 'test') RETURNING id
      ), made_project AS (
        INSERT INTO project (id, org_id, name) SELECT ?, id, 'test' FROM made_org
        RETURNING id, org_id
      )
      INSERT INTO api_key (key_hash, hint, type, org_id, project_id)
      SELECT ?, 'test', 'private', org_id, id
        FROM made_project
      """;

  static TestProject create(PgSettings postgres) {
    TestProject project = new TestProject(UUID.randomUUID(), UUID.randomUUID());
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        PreparedStatement statement = connection.prepareStatement(CREATE)) {
      statement.setObject(1, project.id);
      statement.setBytes(2, ApiKeySql.hash(project.privateKey));
      statement.executeUpdate();
      return project;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
