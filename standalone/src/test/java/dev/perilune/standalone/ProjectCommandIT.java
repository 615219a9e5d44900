package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.embedded.EmbeddedPostgres;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Migrations;
import dev.perilune.testkit.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProjectCommandIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  private static final Pattern PRIVATE_KEY = Pattern.compile("Private key +([0-9a-f-]{36})");
  private static final Pattern PUBLIC_KEY = Pattern.compile("Public key +([0-9a-f-]{36})");

  @TempDir Path dataDir;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final StringWriter complaints = new StringWriter();
  private final FirstKeys first =
      new FirstKeys(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  @BeforeEach
  void makeFirstProject() throws Exception {
    sql(POSTGRES.settings(), "DELETE FROM org WHERE true OR ? IS NULL", new byte[0]);
    FirstProject.ensure(POSTGRES.settings(), first, false);
  }

  @Test
  void projectIsMadeListedAndItsKeyRotated() throws Exception {
    assertEquals(0, run("create", "Second project"));
    UUID project = found(PUBLIC_KEY);
    UUID key = found(PRIVATE_KEY);
    assertEquals("private", typeOf(key));
    assertEquals("public", typeOf(project));

    assertEquals(0, run("list"));
    assertTrue(printed().contains("%s  …%s  Second project".formatted(project, end(key))));
    assertTrue(
        printed()
            .contains("%s  …%s  My project".formatted(first.projectId(), end(first.privateKey()))));
    assertFalse(printed().contains(key.toString()));

    assertEquals(0, run("rotate-key", project.toString()));
    assertEquals("none", typeOf(key));
    assertEquals("private", typeOf(found(PRIVATE_KEY)));
    assertEquals("private", typeOf(first.privateKey()));
  }

  @Test
  void whatCannotBeDoneIsSaidWithTheCure() throws Exception {
    assertEquals(1, run("create", " "));
    assertTrue(complaints.toString().contains("1 to 100 characters"));
    assertEquals(1, run("rotate-key", "shoe"));
    assertTrue(complaints.toString().contains("must be an id"));
    assertEquals(1, run("rotate-key", UUID.randomUUID().toString()));
    assertTrue(complaints.toString().contains("There is no project"));
    assertEquals(1, run("create", "x", "--org", UUID.randomUUID().toString()));
    assertTrue(complaints.toString().contains("There is no organisation"));
    FirstProject.ensure(
        POSTGRES.settings(),
        new FirstKeys(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()),
        false);
    assertEquals(1, run("create", "x"));
    assertTrue(complaints.toString().contains("--org"));
  }

  @Test
  void folderWithoutAnInstallationIsRefused() {
    assertEquals(1, runWith(Map.of("PERILUNE_DATA_DIR", dataDir.toString()), "list"));
    assertTrue(complaints.toString().contains("No Perilune runs"));
  }

  @Test
  void stoppedInstallationIsOpenedAndKeepsItsNewKey() {
    Map<String, String> folder = Map.of("PERILUNE_DATA_DIR", dataDir.toString());
    FirstKeys keys = FirstKeys.load(dataDir, StandaloneSettings.from(new Env(folder)).keys());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir.resolve("postgres"), 0, true)) {
      PgSettings settings =
          PgSettings.from(new Env(Map.of("DATABASE_URL", postgres.databaseUrl())));
      Migrations.run(settings);
      FirstProject.ensure(settings, keys, false);
    }

    assertEquals(0, runWith(folder, "rotate-key", keys.projectId().toString()));

    UUID rotated = found(PRIVATE_KEY);
    assertNotEquals(keys.privateKey(), rotated);
    assertEquals(rotated, FirstKeys.read(dataDir).privateKey());
    assertEquals(keys.organisationKey(), FirstKeys.read(dataDir).organisationKey());
  }

  private int run(String... arguments) {
    return runWith(
        Map.of("DATABASE_URL", POSTGRES.databaseUrl(), "PERILUNE_DATA_DIR", dataDir.toString()),
        arguments);
  }

  private int runWith(Map<String, String> environment, String... arguments) {
    printed.reset();
    complaints.getBuffer().setLength(0);
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new CommandLine(new ProjectCommand(environment, out))
        .setErr(new PrintWriter(complaints, true))
        .setExecutionExceptionHandler(StandaloneMain::explain)
        .execute(arguments);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private UUID found(Pattern pattern) {
    Matcher matcher = pattern.matcher(printed());
    assertTrue(matcher.find(), printed());
    return UUID.fromString(matcher.group(1));
  }

  private static String end(UUID key) {
    return key.toString().substring(32);
  }

  private static String typeOf(UUID key) throws Exception {
    String type =
        sql(
            POSTGRES.settings(),
            "SELECT type FROM api_key WHERE key_hash = ?",
            ApiKeySql.hash(key));
    return type == null ? "none" : type;
  }

  private static String sql(PgSettings settings, String sql, byte[] value) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, value);
      if (!statement.execute()) {
        return null;
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }
}
