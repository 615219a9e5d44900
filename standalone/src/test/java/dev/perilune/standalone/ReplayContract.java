package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.standalone.Replay.Arrival;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PeriluneTester;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same events give the same runs, however they arrive. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ReplayContract {
  private static final int MORE_THAN_ANY = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension final PostgresExtension postgres = new PostgresExtension();
  @RegisterExtension final KafkaExtension kafka = new KafkaExtension();

  private final ShutdownSteps steps = new ShutdownSteps();
  private String url;
  private Backlog backlog;

  /** Names of the pairs of files. */
  abstract List<String> names();

  @BeforeAll
  void start(@TempDir Path folder) {
    Map<String, String> variables =
        Map.of(
            "PERILUNE_HOST", "127.0.0.1",
            "PERILUNE_PORT", "0",
            "PERILUNE_DATA_DIR", folder.toString(),
            "DATABASE_URL", postgres.databaseUrl(),
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    url = "http://127.0.0.1:" + Standalone.start(variables, steps).port();
    backlog = new Backlog(postgres.settings(), kafka.bootstrapServers());
  }

  @AfterAll
  void stop() {
    steps.close();
  }

  Stream<Arguments> replays() {
    return names().stream()
        .flatMap(name -> Arrays.stream(Arrival.values()).map(how -> Arguments.of(name, how)));
  }

  @ParameterizedTest
  @MethodSource("replays")
  void theSameRunsComeOfTheSameEvents(String name, Arrival arrival) throws Exception {
    PeriluneTester tester = newProject();
    Replay replay = Replay.load(name, tester.publicKey());

    for (String body : replay.bodies(arrival)) {
      send(tester, replay, body);
    }

    new ExpectedRuns(replay.expected(), tester).await();
    assertEquals(idsByType(replay.expected()), listed(tester, replay.expected()));
  }

  /** A project of its own, so that the same events can come as if for the first time. */
  PeriluneTester newProject() {
    TestProject project = TestProject.create(postgres.settings());
    return new PeriluneTester(url, project.id().toString(), project.privateKey().toString());
  }

  /** Sends a body and returns once it is stored. */
  void send(PeriluneTester tester, Replay replay, String body) throws Exception {
    String key = replay.hasCredential() ? tester.publicKey() : null;
    HttpResponse<String> answer = tester.post(replay.path(), key, body);
    assertEquals(200, answer.statusCode(), answer::body);
    JsonNode content = JSON.readTree(answer.body());
    JsonNode results = content.isArray() ? content : content.path("results");
    assertTrue(results.size() > 0, answer::body);
    results.forEach(result -> assertTrue(result.path("success").asBoolean(), answer::body));
    backlog.awaitNone();
  }

  private static Map<String, Set<String>> listed(PeriluneTester tester, JsonNode expected)
      throws IOException, InterruptedException {
    Map<String, Set<String>> listed = new TreeMap<>();
    for (String type : idsByType(expected).keySet()) {
      JsonNode page = tester.json("/v1/runs?type=" + type + "&limit=" + MORE_THAN_ANY);
      listed.put(type, ExpectedRuns.ids(page.path("data")));
    }
    return listed;
  }

  private static Map<String, Set<String>> idsByType(JsonNode expected) {
    Map<String, Set<String>> ids = new TreeMap<>(Map.of("llm", new TreeSet<>()));
    for (Map.Entry<String, JsonNode> run : expected.path("runs").properties()) {
      ids.computeIfAbsent(run.getValue().path("type").asText(), type -> new TreeSet<>())
          .add(Replay.storedId(run.getKey()));
    }
    return ids;
  }
}
