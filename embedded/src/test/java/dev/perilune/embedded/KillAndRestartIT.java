package dev.perilune.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillAndRestartIT {
  @TempDir Path dir;

  @Test
  void acknowledgedDataOutlivesAKilledProcess() throws Exception {
    try (ChildServers child = ChildServers.start(dir)) {
      Clients.produce(child.bootstrapServers(), "kept");
      try (Connection connection = Clients.connect(child.databaseUrl());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept (note text)");
        statement.execute("INSERT INTO kept VALUES ('still here')");
      }
      child.kill();
    }
    ProcessHandle left = Postmaster.of(dir.resolve("postgres/data")).orElseThrow().process();
    assertTrue(left.isAlive(), "a killed process leaves its database server behind");

    Instant restarted = Instant.now();
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(dir.resolve("postgres"), 0, true)) {
      ProcessHandle server = Postmaster.of(dir.resolve("postgres/data")).orElseThrow().process();
      assertNotEquals(left.pid(), server.pid(), "the server that was left behind is replaced");
      assertEquals("kept", Clients.firstValue(kafka.bootstrapServers(), Duration.ofSeconds(20)));
      try (Connection connection = Clients.connect(postgres.databaseUrl());
          ResultSet rows = connection.createStatement().executeQuery("SELECT note FROM kept")) {
        assertTrue(rows.next());
        assertEquals("still here", rows.getString(1));
      }
      long seconds = Duration.between(restarted, Instant.now()).toSeconds();
      assertTrue(seconds < 60, "restart took " + seconds + " s");
    }
  }

  @Test
  void stoppedProcessLeavesNoServerBehind() throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(dir.resolve("postgres"), 0, true);
    Postmaster running = Postmaster.of(dir.resolve("postgres/data")).orElseThrow();
    assertEquals(Postmaster.Role.SERVER, running.role());

    postgres.close();

    running.process().onExit().get(5, TimeUnit.SECONDS);
    assertTrue(Postmaster.of(dir.resolve("postgres/data")).isEmpty());
  }

  @Test
  void idThatAnotherProgramHasByNowIsNotTakenForTheServer() throws Exception {
    EmbeddedPostgres.start(dir.resolve("postgres"), 0, true).close();
    Path pidFile = Postmaster.pidFile(dir.resolve("postgres/data"));
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + pidFile.getParent() + "\n");
    assertEquals(Postmaster.Role.ANOTHER, Postmaster.of(pidFile.getParent()).orElseThrow().role());

    EmbeddedPostgres.start(dir.resolve("postgres"), 0, true).close();

    assertFalse(Files.exists(pidFile));
  }

  @Test
  void serverOfAnotherFolderIsLeftAlone() throws Exception {
    EmbeddedPostgres other = EmbeddedPostgres.start(dir.resolve("other"), 0, true);
    try {
      long pid = Postmaster.of(dir.resolve("other/data")).orElseThrow().process().pid();
      EmbeddedPostgres.start(dir.resolve("postgres"), 0, true).close();
      Files.writeString(Postmaster.pidFile(dir.resolve("postgres/data")), pid + "\n");

      EmbeddedPostgres.start(dir.resolve("postgres"), 0, true).close();

      assertEquals(
          Postmaster.Role.SERVER, Postmaster.of(dir.resolve("other/data")).orElseThrow().role());
    } finally {
      other.close();
    }
  }
}
