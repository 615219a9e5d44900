package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.RunIds;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From HTTP through Kafka and the processor to Postgres and back to HTTP, in one process. */
class PipelineIT {
  @TempDir static Path dir;

  private static final ShutdownSteps STEPS = new ShutdownSteps();
  private static final String PROJECT = "6f2c9a54-1d0e-4b7a-8c33-2f90aa17d5e1";

  private static Standalone standalone;
  private static PeriluneTester tester;

  @BeforeAll
  static void start() {
    standalone =
        Standalone.start(
            Map.of(
                "PERILUNE_DATA_DIR",
                dir.toString(),
                "PERILUNE_HOST",
                "127.0.0.1",
                "PERILUNE_PORT",
                "0",
                "PERILUNE_PROJECT_ID",
                PROJECT),
            STEPS);
    tester =
        new PeriluneTester(
            "http://127.0.0.1:" + standalone.port(),
            standalone.keys().projectId().toString(),
            standalone.keys().privateKey().toString());
  }

  @AfterAll
  static void stop() {
    STEPS.close();
  }

  @Test
  void healthIsGoodOnceStarted() throws Exception {
    assertEquals("OK", tester.json("/v1/health").path("status").asText());
  }

  @Test
  void projectHasTheWantedId() {
    assertEquals(PROJECT, tester.publicKey());
  }

  @Test
  void keysAreReadableByTheirOwnerOnly() throws Exception {
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(dir.resolve("keys.json")));
  }

  @Test
  void printedCommandsWork() throws Exception {
    String printed = Welcome.text(standalone, Duration.ofSeconds(3), Instant.now());
    Matcher body = Pattern.compile("-d '\\{\"events\":(.*)}'").matcher(printed);
    Matcher read = Pattern.compile("/v1/runs/([0-9a-f-]{36}) ").matcher(printed);
    assertTrue(body.find() && read.find(), printed);

    tester.ingest(body.group(1));

    assertEquals("Hello, moon.", finished(read.group(1)).path("output").path("content").asText());
  }

  @Test
  void callIsStoredWithTokensAndCost() throws Exception {
    JsonNode results =
        tester.ingest(
            """
            [{"type":"llm","event":"start","runId":"some-unique-id","name":"gpt-4o",
              "timestamp":"2026-03-02T10:00:00Z","input":[{"role":"user","content":"Hello world!"}]},
             {"type":"llm","event":"end","runId":"some-unique-id",
              "timestamp":"2026-03-02T10:00:02.345Z",
              "output":{"role":"assistant","content":"Hello. How are you?"},
              "tokensUsage":{"prompt":1000,"completion":200}}]
            """);
    assertEquals(2, results.size());
    assertTrue(results.path(0).path("success").asBoolean(), results.toString());

    JsonNode run = finished(RunIds.derive("some-unique-id"));
    assertEquals("gpt-4o", run.path("name").asText());
    assertEquals("00:00:02.345", run.path("duration").asText());
    assertEquals(1200, run.path("tokens").path("total").asInt());
    assertEquals(new BigDecimal("0.0045"), run.path("cost").decimalValue().stripTrailingZeros());
    assertEquals("Hello. How are you?", run.path("output").path("content").asText());
  }

  @Test
  void newPriceReachesStoredRunsByAJob() throws Exception {
    tester.store(
        """
        [{"type":"llm","event":"start","runId":"unpriced","name":"model-of-ours",
          "timestamp":"2026-03-02T10:00:00Z"},
         {"type":"llm","event":"end","runId":"unpriced","timestamp":"2026-03-02T10:00:02Z",
          "output":"ok","tokensUsage":{"prompt":1000,"completion":500}}]
        """);
    assertTrue(finished(RunIds.derive("unpriced")).path("cost").isNull());
    String key = tester.privateKey();
    String price =
        """
        {"name":"ours","pattern":"^model-of-ours$","unit":"TOKENS","inputCost":2,"outputCost":4}
        """;
    assertEquals(200, tester.post("/v1/models", key, price).statusCode());

    assertEquals(202, tester.post("/v1/jobs/refresh-costs", key, "").statusCode());
    Eventually.holds(
        "costs refreshed",
        () -> tester.json("/v1/jobs/refresh-costs").path("status").asText().equals("done"));

    assertEquals(
        new BigDecimal("0.004"),
        finished(RunIds.derive("unpriced")).path("cost").decimalValue().stripTrailingZeros());
  }

  @Test
  void aReceiptTellsWhenEverythingCanBeRead() throws Exception {
    StringBuilder events = new StringBuilder("[");
    for (int i = 0; i < 40; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append("{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"receipt-%d\"}".formatted(i));
    }

    JsonNode told = tester.store(events.append(']').toString());

    assertEquals(40, told.path("events").asInt());
    assertEquals(0, told.path("deadLetters").size());
    for (int i = 0; i < 40; i++) {
      tester.json("/v1/runs/receipt-" + i);
    }
  }

  @Test
  void orderOfArrivalDoesNotMatter() throws Exception {
    UUID parent = UUID.randomUUID();
    UUID child = UUID.randomUUID();
    tester.ingest(
        """
        [{"type":null,"event":"feedback","runId":"%1$s","feedback":{"thumb":"up"}}]
        """
            .formatted(child));
    tester.ingest(
        """
        [{"type":"llm","event":"end","runId":"%1$s","timestamp":"2026-03-02T11:00:03Z",
          "output":"done"}]
        """
            .formatted(child));
    tester.ingest(
        """
        [{"type":"llm","event":"start","runId":"%1$s","parentRunId":"%2$s","name":"gpt-4o",
          "timestamp":"2026-03-02T11:00:01Z","input":"go"}]
        """
            .formatted(child, parent));
    tester.ingest(
        """
        [{"type":"agent","event":"start","runId":"%1$s","name":"planner",
          "timestamp":"2026-03-02T11:00:00Z","input":"go"}]
        """
            .formatted(parent));

    JsonNode run =
        tester.run(
            child.toString(),
            found ->
                found.path("status").asText().equals("success")
                    && found.path("traceId").asText().equals(parent.toString())
                    && found.path("feedback").path("thumb").asText().equals("up"));
    assertEquals("00:00:02", run.path("duration").asText());
  }

  @Test
  void sameBatchTwiceChangesNothing() throws Exception {
    UUID id = UUID.randomUUID();
    String batch =
        """
        [{"type":"llm","event":"start","runId":"%1$s","name":"gpt-4o","userId":"twice",
          "timestamp":"2026-03-02T12:00:00Z","input":"a"},
         {"type":"llm","event":"end","runId":"%1$s","timestamp":"2026-03-02T12:00:01Z",
          "output":"b","tokensUsage":{"prompt":3,"completion":2}}]
        """
            .formatted(id);
    tester.ingest(batch);
    JsonNode once = finished(id);
    tester.ingest(batch);
    // A marker behind the second batch, on the same run and so in the same partition.
    tester.ingest(
        """
        [{"type":null,"event":"feedback","runId":"%s","feedback":{"comment":"marker"}}]
        """
            .formatted(id));
    JsonNode twice = tester.run(id.toString(), run -> run.path("feedback").has("comment"));
    for (String field :
        new String[] {"tokens", "cost", "createdAt", "endedAt", "input", "output"}) {
      assertEquals(once.path(field), twice.path(field), field);
    }
  }

  @Test
  void traceHasItsTree() throws Exception {
    UUID agent = UUID.randomUUID();
    UUID tool = UUID.randomUUID();
    UUID llm = UUID.randomUUID();
    tester.ingest(
        """
        [{"type":"agent","event":"start","runId":"%1$s","name":"agent","input":"q",
          "timestamp":"2026-03-02T13:00:00Z"},
         {"type":"tool","event":"start","runId":"%2$s","parentRunId":"%1$s","name":"search",
          "input":{"query":"q"},"timestamp":"2026-03-02T13:00:01Z"},
         {"type":"tool","event":"error","runId":"%2$s","error":{"message":"502"},
          "timestamp":"2026-03-02T13:00:02Z"},
         {"type":"llm","event":"start","runId":"%3$s","parentRunId":"%1$s","name":"gpt-4o",
          "input":"q","timestamp":"2026-03-02T13:00:03Z"},
         {"type":"llm","event":"end","runId":"%3$s","output":"a",
          "timestamp":"2026-03-02T13:00:04Z"},
         {"type":"agent","event":"end","runId":"%1$s","output":"a",
          "timestamp":"2026-03-02T13:00:05Z"}]
        """
            .formatted(agent, tool, llm));

    JsonNode tree =
        Eventually.get(
            "tree of three",
            Duration.ofSeconds(20),
            () ->
                Optional.of(tester.json("/v1/runs/" + agent + "/related"))
                    .filter(rows -> rows.size() == 3));
    assertEquals(agent.toString(), tree.path(0).path("id").asText());
    assertEquals(agent.toString(), tree.path(1).path("parentRunId").asText());
    assertEquals("error", tree.path(1).path("status").asText());
    assertEquals(llm.toString(), tree.path(2).path("id").asText());
  }

  @Test
  void replayLeavesWhatWasRightAsItWas() throws Exception {
    tester.store(
        """
        [{"type":"llm","event":"start","runId":"replayed","name":"gpt-4o","userId":"r",
          "timestamp":"2026-03-02T14:00:00Z","input":"a"},
         {"type":"llm","event":"end","runId":"replayed","timestamp":"2026-03-02T14:00:01Z",
          "output":"b","tokensUsage":{"prompt":3,"completion":2}}]
        """);
    JsonNode before = tester.json("/v1/runs/replayed");
    JsonNode count = tester.json("/v1/runs/count?type=llm");

    String rewound = replay("--from", "1h");
    String reread = replay("--from", "1h", "--project", PROJECT);
    String nothing = replay("--from", "1h", "--project", UUID.randomUUID().toString());

    for (String printed : List.of(rewound, reread, nothing)) {
      assertTrue(printed.contains("events are read again"), printed);
      assertTrue(printed.contains("Done in "), printed);
    }
    assertEquals(before, tester.json("/v1/runs/replayed"));
    assertEquals(count, tester.json("/v1/runs/count?type=llm"));
  }

  @Test
  void changesAreToldLive() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(tester.url() + "/v1/runs/live?type=tool"))
            .header("Authorization", "Bearer " + tester.privateKey())
            .build();
    try (Stream<String> lines =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
      Iterator<String> line = lines.iterator();
      skipTo("event: ready", line);
      tester.ingest(
          "[{\"type\":\"tool\",\"event\":\"start\",\"runId\":\"told\",\"name\":\"search\"}]");
      skipTo("event: run", line);
      String data = line.next();
      assertTrue(data.contains(RunIds.derive("told").toString()), data);
      assertTrue(data.contains("\"name\":\"search\""), data);
    }
  }

  private static void skipTo(String wanted, Iterator<String> lines) {
    while (!lines.next().equals(wanted)) {
      Thread.onSpinWait();
    }
  }

  private static String replay(String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ReplayCommand command =
        new ReplayCommand(
            Map.of("PERILUNE_DATA_DIR", dir.toString()),
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertEquals(0, new CommandLine(command).execute(arguments));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode finished(Object id) throws Exception {
    return tester.run(id.toString(), run -> run.path("status").asText().equals("success"));
  }
}
