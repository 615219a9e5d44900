package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PeriluneTester;
import dev.perilune.testkit.PostgresExtension;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * OpenTelemetry in, runs out: what exporters send against everything in one process. What each
 * convention's spans become is in {@code otlp/<name>.expected.json}; the spans are those of the
 * gateway's own tests.
 */
class OtlpIT {
  private static final String TRACE = "7ace000000000000000000000000beef";
  private static final Path SPANS =
      Path.of("..", "ingest-gateway", "src", "test", "resources", "otlp");
  private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(30);
  private static final String EXPECTED = ".expected.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ShutdownSteps STEPS = new ShutdownSteps();

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private static String url;
  private static String grpcUrl;
  private static Backlog backlog;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    int grpcPort;
    try (ServerSocket free = new ServerSocket(0)) {
      grpcPort = free.getLocalPort();
    }
    Map<String, String> variables =
        Map.of(
            "PERILUNE_HOST", "127.0.0.1",
            "PERILUNE_PORT", "0",
            "PERILUNE_RATE_LIMIT", "0",
            "PERILUNE_OTLP_GRPC_PORT", Integer.toString(grpcPort),
            "PERILUNE_DATA_DIR", folder.toString(),
            "DATABASE_URL", POSTGRES.databaseUrl(),
            "KAFKA_BOOTSTRAP_SERVERS", KAFKA.bootstrapServers());
    url = "http://127.0.0.1:" + Standalone.start(variables, STEPS).port();
    grpcUrl = "http://127.0.0.1:" + grpcPort;
    backlog = new Backlog(POSTGRES.settings(), KAFKA.bootstrapServers());
    SdkScripts.install();
  }

  @AfterAll
  static void stop() {
    STEPS.close();
  }

  static List<String> conventions() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "otlp"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(EXPECTED))
          .map(name -> name.replace(EXPECTED, ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("conventions")
  void spansOfEveryConventionBecomeTheseRunsHoweverTheyArrive(String name) throws Exception {
    JsonNode request = JSON.readTree(SPANS.resolve(name + ".json").toFile());
    JsonNode expected = JSON.readTree(resource(name));

    PeriluneTester whole = newProject();
    send(whole, request);
    new ExpectedRuns(expected, whole).await();

    PeriluneTester scattered = newProject();
    List<JsonNode> single = new ArrayList<>(oneByOne(request));
    Collections.reverse(single);
    for (JsonNode span : single) {
      send(scattered, span);
      backlog.awaitNone();
    }
    new ExpectedRuns(expected, scattered).await();

    // an exporter that got no answer sends all of it again
    Map<String, JsonNode> before = runs(scattered, expected);
    send(scattered, request);
    backlog.awaitNone();
    assertEquals(before, runs(scattered, expected));
  }

  @ParameterizedTest
  @CsvSource({"http/protobuf,''", "http/protobuf,/v1/otel", "grpc,''"})
  void theJavaSdkWithItsExportersNeedsNothingButItsVariables(String protocol, String path)
      throws Exception {
    PeriluneTester tester = newProject();
    Map<String, String> settings =
        Map.of(
            "otel.exporter.otlp.endpoint",
            (protocol.equals("grpc") ? grpcUrl : url) + path,
            "otel.exporter.otlp.protocol",
            protocol,
            "otel.exporter.otlp.headers",
            "Authorization=Bearer%20" + tester.publicKey(),
            "otel.exporter.otlp.compression",
            "gzip",
            "otel.service.name",
            "java-app");
    List<String> spans;
    try (OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(() -> settings)
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk()) {
      spans = traced(sdk.getTracer("shop"));
    }

    readsBackWhole(tester, spans);
  }

  private static List<String> traced(Tracer tracer) {
    Span agent =
        tracer
            .spanBuilder("invoke_agent helper")
            .setAttribute("gen_ai.operation.name", "invoke_agent")
            .setAttribute("gen_ai.agent.name", "helper")
            .startSpan();
    Context inAgent = Context.current().with(agent);
    Span chat =
        tracer
            .spanBuilder("chat gpt-4o")
            .setParent(inAgent)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.request.model", "gpt-4o")
            .startSpan();
    chat.end();
    Span tool =
        tracer
            .spanBuilder("execute_tool search")
            .setParent(inAgent)
            .setAttribute("gen_ai.tool.name", "search")
            .startSpan();
    tool.recordException(new IllegalStateException("away"));
    tool.end();
    agent.end();
    return List.of(
        agent.getSpanContext().getSpanId(),
        chat.getSpanContext().getSpanId(),
        tool.getSpanContext().getSpanId());
  }

  @ParameterizedTest
  @CsvSource({"http/protobuf,''", "http/json,/v1/otel", "grpc,''"})
  void theNodeSdkWithItsExportersNeedsNothingButItsVariables(String protocol, String path)
      throws Exception {
    PeriluneTester tester = newProject();
    SdkScripts scripts =
        new SdkScripts(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", (protocol.equals("grpc") ? grpcUrl : url) + path,
                "OTEL_EXPORTER_OTLP_PROTOCOL", protocol,
                "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20" + tester.publicKey(),
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_METRICS_EXPORTER", "none",
                "OTEL_LOGS_EXPORTER", "none",
                "OTEL_SERVICE_NAME", "node-app"));

    JsonNode printed = scripts.run("otel.mjs");

    readsBackWhole(
        tester,
        Stream.of("agent", "chat", "tool").map(name -> printed.path(name).asText()).toList());
  }

  /** An agent with two children. */
  private static void readsBackWhole(PeriluneTester tester, List<String> spans) throws Exception {
    Set<String> ids = new TreeSet<>();
    spans.forEach(span -> ids.add(Replay.storedId(span)));
    Eventually.get(
        "the trace " + ids,
        VISIBLE_LIMIT,
        () ->
            Optional.of(related(tester, spans.get(0)))
                .filter(found -> ExpectedRuns.ids(found).equals(ids)));
    for (String child : spans.subList(1, 3)) {
      JsonNode run = tester.json("/v1/runs/" + child);
      assertEquals(Replay.storedId(spans.get(0)), run.path("parentRunId").asText());
      assertEquals(Replay.storedId(spans.get(0)), run.path("traceId").asText());
      assertEquals("success", run.path("status").asText());
    }
    assertEquals("gpt-4o", tester.json("/v1/runs/" + spans.get(1)).path("name").asText());
    assertEquals("tool", tester.json("/v1/runs/" + spans.get(2)).path("type").asText());
  }

  private static JsonNode related(PeriluneTester tester, String id) throws Exception {
    HttpResponse<String> answer = tester.get("/v1/runs/" + id + "/related");
    return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createArrayNode();
  }

  @Test
  void aCollectorsTenThousandSpansAreOneTrace() throws Exception {
    PeriluneTester tester = newProject();
    StringBuilder spans = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      spans.append(i == 0 ? "" : ",").append(span(i, i == 0 ? "" : "%016x".formatted(1), 1));
    }

    send(tester, JSON.readTree(request(spans.toString())));
    backlog.awaitNone(VISIBLE_LIMIT);

    JsonNode root = tester.json("/v1/runs/" + "%016x".formatted(1));
    JsonNode last = tester.json("/v1/runs/" + "%016x".formatted(10_000));
    assertEquals(root.path("id").asText(), last.path("traceId").asText());
  }

  @Test
  void anExporterDropsAtOnceWhatIsOverTheLimits() throws Exception {
    PeriluneTester tester = newProject();
    RetryPolicy neverInTime =
        RetryPolicy.builder()
            .setInitialBackoff(Duration.ofMinutes(30))
            .setMaxBackoff(Duration.ofMinutes(30))
            .build();
    try (SdkTracerProvider spans = SdkTracerProvider.builder().build();
        SpanExporter exporter =
            OtlpHttpSpanExporter.builder()
                .setEndpoint(url + "/v1/traces")
                .addHeader("Authorization", "Bearer " + tester.publicKey())
                .setCompression("gzip")
                .setTimeout(Duration.ofMinutes(60))
                .setRetryPolicy(neverInTime)
                .build()) {
      Span span = spans.get("shop").spanBuilder("chat").startSpan();
      span.end();
      SpanData one = ((ReadableSpan) span).toSpanData();

      CompletableResultCode tooMany = exporter.export(Collections.nCopies(100_001, one));

      tooMany.join(VISIBLE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      assertTrue(tooMany.isDone(), "an exporter that waits to send again is not done");
      assertFalse(tooMany.isSuccess());
    }
  }

  @Test
  void aParentThatNeverComesLeavesItsChildAsTheRoot() throws Exception {
    PeriluneTester tester = newProject();

    send(
        tester,
        JSON.readTree(
            request(span(1, "00000000000000ff", 1) + "," + span(2, "%016x".formatted(2), 1))));
    backlog.awaitNone();

    JsonNode traces = tester.json("/v1/runs?type=trace");
    String root = Replay.storedId("%016x".formatted(2));
    assertEquals(Set.of(root), ExpectedRuns.ids(traces.path("data")));
    assertEquals(root, tester.json("/v1/runs/%016x".formatted(3)).path("traceId").asText());
  }

  @Test
  void twoTracesThatUseTheSameSpanIdsAreTwoTrees() throws Exception {
    PeriluneTester tester = newProject();
    List<String> roots = new ArrayList<>();
    for (String trace : List.of(TRACE, TRACE.replace("beef", "f00d"))) {
      String both = span(2, "%016x".formatted(2), 1) + "," + span(1, "", 1);

      send(tester, JSON.readTree(request(both.replace(TRACE, trace))));
      backlog.awaitNone();

      JsonNode traces = tester.json("/v1/runs?type=trace&sort=createdAt:desc");
      traces.path("data").findValuesAsText("id").stream()
          .filter(id -> !roots.contains(id))
          .forEach(roots::add);
    }

    assertEquals(List.of(Replay.storedId("%016x".formatted(2)), otherId(tester, "f00d", 2)), roots);
    JsonNode second = tester.json("/v1/runs?metadata=otelTraceId." + TRACE.replace("beef", "f00d"));
    assertEquals(
        Set.of(otherId(tester, "f00d", 2), otherId(tester, "f00d", 3)),
        ExpectedRuns.ids(second.path("data")));
    for (String root : roots) {
      Set<String> tree = ExpectedRuns.ids(related(tester, root));
      boolean isFirst = root.equals(roots.get(0));
      String child = isFirst ? Replay.storedId("%016x".formatted(3)) : otherId(tester, "f00d", 3);
      assertEquals(Set.of(root, child), tree);
      JsonNode run = tester.json("/v1/runs/" + child);
      assertEquals(root, run.path("traceId").asText());
      assertEquals(
          isFirst ? TRACE : TRACE.replace("beef", "f00d"),
          run.path("metadata").path("otelTraceId").asText());
    }
  }

  /** The id that a span's run gets where another trace has used the span's. */
  private static String otherId(PeriluneTester tester, String end, int span) {
    return Replay.storedId(
        "%s:%016x:%s".formatted(TRACE.replace("beef", end), span, tester.publicKey()));
  }

  @Test
  void aSpanSentWhileOpenIsCompletedByItsFinishedCopy() throws Exception {
    PeriluneTester tester = newProject();
    String finished = request(span(1, "", 1));
    String open = request(span(1, "", 0));

    send(tester, JSON.readTree(open));
    backlog.awaitNone();
    assertEquals("started", tester.json("/v1/runs/%016x".formatted(2)).path("status").asText());
    send(tester, JSON.readTree(finished));
    send(tester, JSON.readTree(open));
    backlog.awaitNone();

    JsonNode run = tester.json("/v1/runs/%016x".formatted(2));
    assertEquals("success", run.path("status").asText());
    assertEquals("2026-01-01T00:00:00.000Z", run.path("createdAt").asText());
    assertEquals("2026-01-01T00:00:01.000Z", run.path("endedAt").asText());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatLogRecordsSayIsInTheRunBeforeItsSpanOrAfter(boolean logsFirst) throws Exception {
    PeriluneTester tester = newProject();
    String chat =
        request(span(1, "", 1).replace("\"name\":\"step\"", "\"name\":\"chat gpt-4\"").strip());
    List<String> logs =
        List.of(
            record("gen_ai.system.message", "Be brief.", "content"),
            record("gen_ai.user.message", "Hi", "content"),
            record(
                "gen_ai.choice",
                "{\\\"role\\\":\\\"assistant\\\",\\\"content\\\":\\\"Hello!\\\"}",
                "message"));

    if (!logsFirst) {
      send(tester, JSON.readTree(chat));
      backlog.awaitNone();
    }
    for (String log : logs) {
      sendLog(tester, log);
      sendLog(tester, log);
      backlog.awaitNone();
    }
    if (logsFirst) {
      send(tester, JSON.readTree(chat));
      backlog.awaitNone();
    }

    JsonNode run = tester.json("/v1/runs/%016x".formatted(2));
    JsonNode expected =
        JSON.readTree(
            """
            {"input":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],
             "output":{"role":"assistant","content":"Hello!"}}
            """);
    assertEquals(List.of(), Expected.differences(expected, run));
    assertEquals("success", run.path("status").asText());
    assertEquals("2026-01-01T00:00:01.000Z", run.path("endedAt").asText());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void severalAnswersOfLogsComeByTheirIndexWithTheirCallsAndReasons(boolean logsFirst)
      throws Exception {
    PeriluneTester tester = newProject();
    String chat =
        span(1, "", 1)
            .replace(
                "\"name\":\"step\"",
                """
                "name":"chat gpt-4","attributes":[
                 {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]\
                """);
    List<String> logs =
        List.of(
            choice(50, "{'index':1,'finish_reason':'stop','message':{'content':'Hello!'}}"),
            choice(
                60,
                "{'index':0,'finish_reason':'tool_calls','message':{'tool_calls':[{'id':'c','type':"
                    + "'function','function':{'name':'look','arguments':{'a':1}}}]}}"));

    if (!logsFirst) {
      send(tester, JSON.readTree(request(chat)));
      backlog.awaitNone();
    }
    for (String log : logs) {
      sendLog(tester, log);
      backlog.awaitNone();
    }
    if (logsFirst) {
      assertEquals(404, tester.get("/v1/runs/%016x".formatted(2)).statusCode());
      assertEquals(0, tester.json("/v1/runs").path("data").size());
      send(tester, JSON.readTree(request(chat)));
      backlog.awaitNone();
    }

    JsonNode expected =
        JSON.readTree(
            """
            {"type":"llm","status":"success",
             "output":[{"role":"assistant","content":null,"toolCalls":[{"id":"c","type":"function",
               "function":{"name":"look","arguments":"{\\"a\\":1}"}}]},
              {"role":"assistant","content":"Hello!"}],
             "metadata":{"finishReasons":["tool_calls","stop"]}}
            """);
    assertEquals(
        List.of(), Expected.differences(expected, tester.json("/v1/runs/%016x".formatted(2))));
  }

  private static String choice(int hundredths, String body) {
    return """
        {"traceId":"7ace000000000000000000000000beef","spanId":"0000000000000002",
         "eventName":"gen_ai.choice","timeUnixNano":"17672256000%d0000000",
         "body":{"stringValue":"%s"}}
        """
        .formatted(hundredths, body.replace("'", "\\\""));
  }

  private static void sendLog(PeriluneTester tester, String log) throws Exception {
    String body = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + log + "]}]}]}";
    assertEquals("200 {}", answer(tester, "/v1/logs", body));
  }

  @Test
  void tokensOfAnAgentAndItsCallsCountOnce() throws Exception {
    PeriluneTester tester = newProject();

    send(tester, JSON.readTree(SPANS.resolve("example-otel-agent.json").toFile()));
    backlog.awaitNone();

    int prompt = 0;
    int completion = 0;
    for (JsonNode used : tester.json("/v1/runs/usage?days=3650")) {
      prompt += used.path("promptTokens").asInt();
      completion += used.path("completionTokens").asInt();
    }
    assertEquals("120 48", prompt + " " + completion);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void evaluationsAndExceptionsOfLogsAreInTheRunBeforeItsSpanOrAfter(boolean logsFirst)
      throws Exception {
    PeriluneTester tester = newProject();
    String failed =
        span(1, "", 1)
            .replace(
                "\"name\":\"step\"",
                """
                "name":"chat gpt-4","status":{"code":2},"attributes":[
                 {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                 {"key":"gen_ai.request.temperature","value":{"doubleValue":0.5}},
                 {"key":"annotations.0.annotation.name","value":{"stringValue":"tone"}},
                 {"key":"annotations.0.annotation.label","value":{"stringValue":"rude"}}]\
                """);
    List<String> logs =
        List.of(
            event("exception", 30, "exception.type", "Timeout", "exception.message", "Too slow"),
            event(
                "gen_ai.evaluation.result",
                40,
                "gen_ai.evaluation.name",
                "relevance",
                "gen_ai.evaluation.score.value",
                "0.5",
                "gen_ai.evaluation.explanation",
                "Half of it"),
            event(
                "gen_ai.client.inference.operation.details",
                50,
                "gen_ai.request.temperature",
                "0.7",
                "gen_ai.request.max_tokens",
                "9",
                "gen_ai.tool.definitions",
                "[{\\\"type\\\":\\\"function\\\",\\\"name\\\":\\\"look\\\"}]"));

    if (!logsFirst) {
      send(tester, JSON.readTree(request(failed)));
      backlog.awaitNone();
    }
    for (String log : logs) {
      sendLog(tester, log);
    }
    backlog.awaitNone();
    if (logsFirst) {
      send(tester, JSON.readTree(request(failed)));
      backlog.awaitNone();
    }

    JsonNode run = tester.json("/v1/runs/%016x".formatted(2));
    JsonNode expected =
        JSON.readTree(
            """
            {"status":"error","error":{"message":"Too slow","type":"Timeout"},
             "scores":[{"label":"relevance","value":0.5,"comment":"Half of it"},
                       {"label":"tone","value":"rude"}],
             "params":{"temperature":0.5,"maxTokens":9,
              "tools":[{"type":"function","function":{"name":"look"}}]}}
            """);
    assertEquals(List.of(), Expected.differences(expected, run));
  }

  /** A log record with attributes: names and texts in turn. */
  private static String event(String name, int hundredths, String... attributes) {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < attributes.length; i += 2) {
      pairs.append(i == 0 ? "" : ",");
      pairs.append("{\"key\":\"").append(attributes[i]);
      pairs.append("\",\"value\":{\"stringValue\":\"").append(attributes[i + 1]).append("\"}}");
    }
    return """
        {"traceId":"7ace000000000000000000000000beef","spanId":"0000000000000002","eventName":"%s",
         "timeUnixNano":"17672256000%d0000000","attributes":[%s]}
        """
        .formatted(name, hundredths, pairs);
  }

  private static String record(String event, String text, String field) {
    return """
        {"traceId":"7ace000000000000000000000000beef","spanId":"0000000000000002","eventName":"%s",
         "timeUnixNano":"17672256000%s0000000",
         "body":{"kvlistValue":{"values":[{"key":"%s","value":{"stringValue":"%s"}}]}}}
        """
        .formatted(
            event,
            event.equals("gen_ai.choice") ? "50" : event.contains("user") ? "20" : "10",
            field,
            text);
  }

  private static String span(int number, String parent, int seconds) {
    return """
        {"traceId":"7ace000000000000000000000000beef","spanId":"%016x","parentSpanId":"%s",
         "name":"step","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"%s"}
        """
        .formatted(number + 1, parent, seconds == 0 ? "0" : "176722560" + seconds + "000000000");
  }

  private static String request(String spans) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + spans + "]}]}]}";
  }

  private static String resource(String name) throws IOException {
    return Files.readString(Path.of("src", "test", "resources", "otlp", name + EXPECTED));
  }

  private static PeriluneTester newProject() {
    TestProject project = TestProject.create(POSTGRES.settings());
    return new PeriluneTester(url, project.id().toString(), project.privateKey().toString());
  }

  private static void send(PeriluneTester tester, JsonNode request) throws Exception {
    assertEquals("200 {}", answer(tester, "/v1/traces", request.toString()));
  }

  /** Sends as exporters do: again, while the answer is that it cannot be taken just now. */
  private static String answer(PeriluneTester tester, String path, String body) throws Exception {
    return Eventually.get(
        "an answer of " + path + " other than 503",
        VISIBLE_LIMIT,
        () -> {
          HttpResponse<String> answer = tester.post(path, tester.publicKey(), body);
          return Optional.of(answer.statusCode() + " " + answer.body())
              .filter(text -> answer.statusCode() != 503);
        });
  }

  private static Map<String, JsonNode> runs(PeriluneTester tester, JsonNode expected)
      throws Exception {
    Map<String, JsonNode> runs = new java.util.TreeMap<>();
    for (Map.Entry<String, JsonNode> run : expected.path("runs").properties()) {
      runs.put(run.getKey(), tester.json("/v1/runs/" + run.getKey()));
    }
    return runs;
  }

  private static List<JsonNode> oneByOne(JsonNode request) {
    List<JsonNode> requests = new ArrayList<>();
    for (JsonNode resource : request.path("resourceSpans")) {
      for (JsonNode scope : resource.path("scopeSpans")) {
        for (JsonNode span : scope.path("spans")) {
          ObjectNode one = resource.deepCopy();
          ArrayNode scopes = one.putArray("scopeSpans");
          ObjectNode copy = scope.deepCopy();
          copy.putArray("spans").add(span);
          scopes.add(copy);
          requests.add(
              JSON.createObjectNode().set("resourceSpans", JSON.createArrayNode().add(one)));
        }
      }
    }
    return requests;
  }
}
