package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

class RecountCommandIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String RUNS =
      """
      INSERT INTO org VALUES ('%1$s', 'org');
      INSERT INTO project (id, org_id, name) VALUES ('%1$s', '%1$s', 'project');
      INSERT INTO run (project_id, id, created_at, ended_at, type, name, status, cost)
      SELECT '%1$s', gen_random_uuid(), t, t + interval '2 s', 'llm', 'gpt-4o', 'success', 0.1
        FROM generate_series(timestamptz '2026-11-01Z', '2026-11-03Z', interval '7 h') AS t
      """;

  private final UUID project = UUID.randomUUID();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void fill() throws SQLException {
    PgSettings settings = POSTGRES.settings();
    try (Connection connection =
        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password())) {
      connection.createStatement().execute(RUNS.formatted(project));
    }
  }

  @Test
  void verifyFailsUntilTheFiguresAreMended() {
    assertEquals(1, recount("--verify", "--project", project.toString()));
    assertTrue(printed().contains("off: runs by"), printed());
    assertTrue(printed().contains("Mend them with recount."), printed());

    assertEquals(0, recount("--project", project.toString()));
    assertTrue(printed().contains("figures mended"), printed());

    out.reset();
    assertEquals(0, recount("--verify", "--project", project.toString()));
    assertTrue(printed().contains("no difference"), printed());
  }

  @Test
  void whatIsNoProjectIsSaid() {
    assertEquals(1, recount("--project", "x"));
    assertTrue(printed().contains("must be the id of a project (a UUID), was x"), printed());
    assertEquals(1, recount("--project", UUID.randomUUID().toString()));
    assertTrue(printed().contains("There is no project"), printed());
  }

  private int recount(String... arguments) {
    PrintStream printing = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CommandLine(
            new RecountCommand(Map.of("DATABASE_URL", POSTGRES.databaseUrl()), printing))
        .setErr(new PrintWriter(printing, true))
        .setExecutionExceptionHandler(StandaloneMain::explain)
        .execute(arguments);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
