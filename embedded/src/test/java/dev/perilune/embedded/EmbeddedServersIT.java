package dev.perilune.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServersIT {
  @TempDir static Path dir;

  private static EmbeddedKafka kafka;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
    postgres = EmbeddedPostgres.start(dir.resolve("postgres"), 0, true);
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  @Test
  void recordOfAHundredMegabytesTravelsWhole() throws Exception {
    String large = "x".repeat(100 << 20);
    Clients.produce(kafka.bootstrapServers(), large);
    assertEquals(
        large.length(),
        Clients.firstValue(kafka.bootstrapServers(), Duration.ofSeconds(30)).length());
  }

  @Test
  void secondBrokerOnTheFolderIsRefused() {
    DirectoryInUse refused =
        assertThrows(DirectoryInUse.class, () -> EmbeddedKafka.start(dir.resolve("kafka"), 0));
    assertTrue(refused.getMessage().contains("process " + ProcessHandle.current().pid()));
  }

  @Test
  void secondDatabaseOnTheFolderIsRefused() {
    assertThrows(
        DirectoryInUse.class, () -> EmbeddedPostgres.start(dir.resolve("postgres"), 0, true));
  }

  @Test
  void takenPortIsNamed(@TempDir Path other) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertEquals(
          port, assertThrows(PortInUse.class, () -> EmbeddedKafka.start(other, port)).port());
    }
  }

  @Test
  void durableServerWaitsForTheDisk() throws SQLException {
    assertEquals("on", show("fsync"));
    assertEquals("on", show("synchronous_commit"));
    assertEquals("on", show("full_page_writes"));
  }

  @Test
  void upperAndLowerCaseOfEveryAlphabetMatch() throws SQLException {
    assertEquals("t", ask("SELECT 'ÄRGER ЖУК' ILIKE '%ärger жук%'"));
  }

  @Test
  void wrongPasswordIsRefused() {
    String url = postgres.databaseUrl().replaceFirst(":[0-9a-f]{32}@", ":wrong@");
    assertThrows(SQLException.class, () -> Clients.connect(url));
  }

  @Test
  void passwordIsReadableByItsOwnerOnly() throws IOException {
    assertEquals(
        "[OWNER_READ, OWNER_WRITE]",
        Files.getPosixFilePermissions(dir.resolve("postgres/password")).stream()
            .sorted()
            .toList()
            .toString());
  }

  private static String show(String setting) throws SQLException {
    return ask("SHOW " + setting);
  }

  private static String ask(String sql) throws SQLException {
    try (Connection connection = Clients.connect(postgres.databaseUrl());
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }
}
