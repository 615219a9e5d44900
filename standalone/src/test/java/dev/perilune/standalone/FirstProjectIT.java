package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.PostgresExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FirstProjectIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final FirstKeys keys = random();

  @Test
  void projectHasBothItsKeysAndNoneInPlain() throws Exception {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    assertEquals("private", typeOf(keys.privateKey()));
    assertEquals("org_private", typeOf(keys.organisationKey()));
    assertEquals(
        0,
        count(
            "SELECT count(*) FROM api_key WHERE api_key::text LIKE '%' || ? || '%'",
            keys.privateKey().toString()));
  }

  @Test
  void secondTimeChangesNothing() throws Exception {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    FirstProject.ensure(POSTGRES.settings(), keys, true);
    assertEquals(1, count("SELECT count(*) FROM api_key WHERE project_id = ?", keys.projectId()));
  }

  @Test
  void projectThatWasDeletedSinceDoesNotComeBack() throws Exception {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    String delete = "WITH gone AS (%s WHERE id = ? RETURNING 1) SELECT count(*) FROM gone";
    assertEquals(
        1, count(delete.formatted("UPDATE project SET deleted_at = now()"), keys.projectId()));
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    assertEquals(1, count(delete.formatted("DELETE FROM project"), keys.projectId()));

    FirstProject.ensure(POSTGRES.settings(), keys, false);

    assertEquals(0, count("SELECT count(*) FROM project WHERE id = ?", keys.projectId()));
    assertEquals("org_private", typeOf(keys.organisationKey()));
  }

  @Test
  void keyThatWasChangedSinceStays() throws Exception {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    FirstKeys changed = new FirstKeys(keys.projectId(), UUID.randomUUID(), keys.organisationKey());

    FirstProject.ensure(POSTGRES.settings(), changed, false);

    assertEquals("private", typeOf(keys.privateKey()));
    assertEquals("none", typeOf(changed.privateKey()));
  }

  @Test
  void keyThatIsAskedForTakesThePlaceOfTheOldOne() throws Exception {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    FirstKeys wanted = new FirstKeys(keys.projectId(), UUID.randomUUID(), UUID.randomUUID());

    FirstProject.ensure(POSTGRES.settings(), wanted, true);

    assertEquals("none", typeOf(keys.privateKey()));
    assertEquals("none", typeOf(keys.organisationKey()));
    assertEquals("private", typeOf(wanted.privateKey()));
    assertEquals("org_private", typeOf(wanted.organisationKey()));
  }

  @Test
  void keyOfAnotherProjectIsRefused() {
    FirstProject.ensure(POSTGRES.settings(), keys, false);
    FirstKeys other = new FirstKeys(UUID.randomUUID(), keys.privateKey(), UUID.randomUUID());

    StartRefused refused =
        assertThrows(
            StartRefused.class, () -> FirstProject.ensure(POSTGRES.settings(), other, true));

    assertTrue(refused.getMessage().contains("PERILUNE_PRIVATE_KEY"));
  }

  private static String typeOf(UUID key) throws Exception {
    String sql = "SELECT coalesce(min(type), 'none') FROM api_key WHERE key_hash = ?";
    return ask(sql, ApiKeySql.hash(key));
  }

  private static int count(String sql, Object value) throws Exception {
    return Integer.parseInt(ask(sql, value));
  }

  private static String ask(String sql, Object value) throws Exception {
    PgSettings settings = POSTGRES.settings();
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        return rows.getString(1);
      }
    }
  }

  private static FirstKeys random() {
    return new FirstKeys(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
  }
}
