package dev.perilune.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.PgSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServersIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @Test
  void classBeginsWithoutTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
      assertEquals(Set.of(), admin.listTopics().names().get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void databaseIsMigrated() throws Exception {
    PgSettings settings = POSTGRES.settings();
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        ResultSet rows =
            connection.createStatement().executeQuery("SELECT count(*) FROM api_key")) {
      assertTrue(rows.next());
      assertEquals(0, rows.getInt(1));
    }
  }

  @Nested
  class WithinAnotherClass {
    @Test
    void databaseIsShared() {
      assertTrue(POSTGRES.databaseUrl().endsWith("/test_1"), POSTGRES.databaseUrl());
    }
  }
}
