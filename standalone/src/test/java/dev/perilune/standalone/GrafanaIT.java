package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds the dashboards against the real schema, the real meters and what provisions them. */
class GrafanaIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Path GRAFANA = Path.of("..", "deploy", "grafana");
  private static final String PROJECT = "22222222-2222-4222-8222-222222222222";

  /** What Grafana puts in place of its macros and variables. */
  private static final Map<String, String> MACROS =
      Map.of(
          "$__timeFilter(at)",
          "at BETWEEN '2024-05-01T00:00:00Z' AND '2024-06-01T00:00:00Z'",
          "$__timeGroup(at, $__interval)",
          "to_timestamp(floor(extract(epoch from at) / 3600) * 3600)",
          "${project:sqlstring}",
          "'" + PROJECT + "','33333333-3333-4333-8333-333333333333'");

  private static final Pattern METRIC = Pattern.compile("\\b(?:perilune|jvm)_[a-z_]+\\b");

  private static Connection connection;

  @BeforeAll
  static void figures() throws Exception {
    PgSettings settings = POSTGRES.settings();
    connection =
        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
    execute("INSERT INTO org (id, name) VALUES (gen_random_uuid(), 'o')");
    execute("INSERT INTO project (id, org_id, name) SELECT '" + PROJECT + "', id, 'p' FROM org");
    execute(
        "INSERT INTO run (project_id, id, created_at, ended_at, type, name, status, cost, agent,"
            + " feedback, prompt_tokens) SELECT '"
            + PROJECT
            + "', gen_random_uuid(), '2024-05-02T10:30:00Z', '2024-05-02T10:30:01Z', 'llm', 'm',"
            + " 'error', 1, 'a', '{\"thumb\": \"up\"}', 5");
    execute("SELECT rollup_add(1, project_id, ARRAY[id]) FROM run");
    // the file must be able to run again
    execute(Files.readString(GRAFANA.resolve("reader.sql")));
    execute(Files.readString(GRAFANA.resolve("reader.sql")));
  }

  @AfterAll
  static void close() throws SQLException {
    execute("DROP OWNED BY perilune_reader");
    connection.close();
  }

  @Test
  void everyPanelOfFiguresShowsTheRun() throws Exception {
    List<String> statements = targets("usage.json", "rawSql");
    assertEquals(13, statements.size());
    for (String statement : statements) {
      String sql = statement;
      for (Map.Entry<String, String> macro : MACROS.entrySet()) {
        sql = sql.replace(macro.getKey(), macro.getValue());
      }
      assertFalse(sql.contains("$"), sql);
      assertTrue(rowsAsReader(sql) > 0, sql);
    }
    String projects = board("usage.json").at("/templating/list/0/query").asText();
    assertEquals(1, rowsAsReader(projects));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT key_hash FROM api_key",
        "SELECT input FROM run_payload",
        "SELECT name FROM run",
        "SELECT external_id FROM external_user",
        "SELECT data_retention_days FROM project",
        "DELETE FROM rollup_run"
      })
  void readersSeeFiguresOnly(String sql) {
    SQLException refused = assertThrows(SQLException.class, () -> rowsAsReader(sql));
    assertEquals("42501", refused.getSQLState(), "insufficient privilege");
  }

  @Test
  void everyMeterOfAPanelExists() throws Exception {
    Set<String> known = meterNames();
    for (String expression : targets("services.json", "expr")) {
      List<String> names = METRIC.matcher(expression).results().map(name -> name.group()).toList();
      assertFalse(names.isEmpty(), expression);
      for (String name : names) {
        assertTrue(known.contains(name), name + " is no meter: " + expression);
      }
    }
  }

  @Test
  void panelsAskSourcesThatAreProvisioned() throws Exception {
    Map<String, Object> sources = yaml(GRAFANA.resolve("provisioning/datasources/perilune.yml"));
    Set<String> provisioned = new HashSet<>();
    new ObjectMapper()
        .valueToTree(sources)
        .path("datasources")
        .forEach(source -> provisioned.add(source.path("uid").asText()));
    try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
      for (Path file : files.toList()) {
        Set<String> asked = new HashSet<>();
        JsonNode board = new ObjectMapper().readTree(file.toFile());
        board.findValues("datasource").forEach(source -> asked.add(source.path("uid").asText()));
        assertTrue(provisioned.containsAll(asked), file + " asks " + asked);
        List<Integer> ids = new ArrayList<>();
        board.path("panels").forEach(panel -> ids.add(panel.path("id").asInt()));
        assertEquals(ids.size(), new HashSet<>(ids).size(), "ids of " + file);
      }
    }
  }

  @Test
  void everyServiceOfTheClusterIsScraped() throws Exception {
    Set<String> jobs = new HashSet<>();
    new ObjectMapper()
        .valueToTree(yaml(Path.of("..", "deploy", "prometheus", "prometheus.yml")))
        .path("scrape_configs")
        .forEach(job -> jobs.add(job.path("job_name").asText()));
    assertEquals(Set.of("gateway", "processor", "query"), jobs);
    JsonNode services =
        new ObjectMapper().valueToTree(yaml(Path.of("..", "docker-compose.yml"))).path("services");
    for (String job : jobs) {
      assertEquals("3333", services.path(job).at("/environment/PERILUNE_PORT").asText(), job);
    }
    for (String service : List.of("prometheus", "grafana", "reader")) {
      for (JsonNode volume : services.path(service).path("volumes")) {
        String place = volume.asText().split(":")[0];
        assertTrue(!place.startsWith("./") || Files.exists(Path.of("..").resolve(place)), place);
      }
    }
  }

  /** Every name under which a meter can be shown, by the kinds of meters that there are. */
  private static Set<String> meterNames() {
    List<BiConsumer<Meters, Meter>> kinds =
        List.of(
            Meters::counter,
            Meters::timer,
            Meters::summary,
            (meters, meter) -> meters.gauge(meter, () -> 1));
    Set<String> names = new HashSet<>();
    for (BiConsumer<Meters, Meter> kind : kinds) {
      try (Meters meters = new Meters()) {
        for (Meter meter : Meter.values()) {
          kind.accept(meters, meter);
        }
        names.addAll(
            meters
                .scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toSet()));
      }
    }
    return names;
  }

  private static int rowsAsReader(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE perilune_reader");
      try (ResultSet rows = statement.executeQuery(sql)) {
        int count = 0;
        while (rows.next()) {
          count++;
        }
        return count;
      } finally {
        statement.execute("RESET ROLE");
      }
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> targets(String file, String field) throws IOException {
    return board(file).path("panels").findValuesAsText(field);
  }

  private static JsonNode board(String file) throws IOException {
    return new ObjectMapper().readTree(GRAFANA.resolve("dashboards").resolve(file).toFile());
  }

  private static Map<String, Object> yaml(Path file) throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
  }
}
