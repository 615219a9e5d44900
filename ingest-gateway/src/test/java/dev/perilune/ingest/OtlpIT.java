package dev.perilune.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP over HTTP at a running gateway: what is taken, what is refused, and in which words. */
class OtlpIT {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int LIMIT = 8 << 20;

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;

  @BeforeAll
  static void start() {
    gateway =
        new GatewayTester(
                KAFKA.bootstrapServers(),
                POSTGRES.settings(),
                Map.of(
                    "PERILUNE_OTLP_MAX_BODY_BYTES", Integer.toString(LIMIT),
                    "PERILUNE_OTLP_MAX_SPAN_BYTES", "3000000",
                    "PERILUNE_MAX_BODY_BYTES", "65536",
                    "PERILUNE_OTLP_GRPC_PORT", "off",
                    "PERILUNE_MAX_EVENTS_PER_REQUEST", "20000"))
            .withProjects()
            .ready();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/traces",
        "/v1/traces/",
        "//v1/traces",
        "/v1/otel/v1/traces",
        "/v1/otel",
        "/v1/otel/",
        "/v1/otel/traces"
      })
  void everyPathTakesSpansInBothFormatsPlainAndGzipped(String path) throws IOException {
    byte[] json = OtlpBodies.json(OtlpBodies.span("00000000000000a1")).getBytes();
    byte[] protobuf = OtlpBodies.protobuf("00000000000000a2");
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals("200 {}", post(path, JSON, json));
      assertEquals("200 {}", post(path, JSON + "; charset=utf-8", Compressed.gzip(json), "gzip"));
      assertEquals("200 ", post(path, PROTOBUF, protobuf));
      assertEquals("200 ", post(path, "application/protobuf", Compressed.gzip(protobuf), "gzip"));

      List<Published.Envelope> runs = published.runs(8);
      assertEquals("chain", Published.of(runs, "00000000000000a1").event().getString("type"));
      assertEquals("chain", Published.of(runs, "00000000000000a2").event().getString("type"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"resourceSpans\":[]}",
        "{\"resourceSpans\":null}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[]}]}]}"
      })
  void anEmptyRequestIsASuccess(String body) {
    assertEquals("200 {}", post("/v1/traces", JSON, body.getBytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/traces", "/v1/logs", "/v1/metrics", "/v1/otel/v1/metrics"})
  void anEmptyProtobufIsASuccessWithoutBytes(String path) {
    HttpResponse<String> answer = send(path, PROTOBUF, new byte[0]);

    assertEquals("200 ", answer.statusCode() + " " + answer.body());
    assertEquals(PROTOBUF, answer.headers().firstValue("content-type").orElse(""));
    assertEquals("0", answer.headers().firstValue("content-length").orElse(""));
  }

  @Test
  void badSpansAreCountedByReasonAndTheirNeighboursTaken() {
    String body =
        OtlpBodies.json(
            OtlpBodies.span("00000000000000b1"),
            OtlpBodies.span("0000000000000000"),
            OtlpBodies.span("beef"),
            OtlpBodies.span("00000000000000b2").replace("TimeUnixNano", "TimeUnixMilli"),
            OtlpBodies.span("00000000000000b3").replace(OtlpBodies.TRACE, "00"));
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals(
          new JsonObject(
              """
              {"partialSuccess":{"rejectedSpans":"4","errorMessage":
              "4 spans rejected: invalid span id (2), no start and no end time (1), invalid trace id (1)"}}
              """),
          new JsonObject(send("/v1/traces", JSON, body.getBytes()).body()));

      assertEquals("00000000000000b1", published.runs(1).get(0).event().getString("runId"));
    }
  }

  @Test
  void partialSuccessOfProtobufIsProtobuf() {
    HttpResponse<String> answer =
        send("/v1/traces", PROTOBUF, OtlpBodies.protobuf("0000000000000000"));

    String text = "1 span rejected: invalid span id (1)";
    assertEquals(200, answer.statusCode());
    assertEquals(
        "\n" + (char) (text.length() + 4) + "\b\001\022" + (char) text.length() + text,
        answer.body());
  }

  @Test
  void whenAllSpansAreRejectedTheAnswerIsStillASuccessWithTheCount() {
    String bad = OtlpBodies.span("0000000000000000");

    HttpResponse<String> answer =
        send("/v1/traces", JSON, OtlpBodies.json(bad, bad, bad).getBytes());

    assertEquals(200, answer.statusCode());
    assertEquals(
        new JsonObject(
            """
            {"partialSuccess":{"rejectedSpans":"3","errorMessage":"3 spans rejected: invalid span id (3)"}}
            """),
        new JsonObject(answer.body()));
  }

  @Test
  void aSpanThatTheServerTellsOfItselfIsTakenAndNotRejected() {
    String own =
        OtlpBodies.json(OtlpBodies.span("00000000000000d1"))
            .replace(
                "{\"scopeSpans\"",
                """
                {"resource":{"attributes":[
                 {"key":"service.name","value":{"stringValue":"perilune"}},
                 {"key":"perilune.self_trace","value":{"boolValue":true}}]},"scopeSpans\"\
                """
                    .stripTrailing());
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals("200 {}", post("/v1/traces", JSON, own.getBytes()));
      post("/v1/traces", JSON, OtlpBodies.json(OtlpBodies.span("00000000000000d2")).getBytes());

      assertEquals("00000000000000d2", published.runs(1).get(0).event().getString("runId"));
    }
  }

  @Test
  void aSpanOfSeveralEventsThatAreTooLargeForTheBrokerCountsOnce() {
    // a record may have twice the limit of bodies, and a mebibyte
    String large = "x".repeat(1_250_000);
    String attribute = "{\"key\":\"lunary.%s\",\"value\":{\"stringValue\":\"" + large + "\"}}";
    String span =
        OtlpBodies.span("00000000000000e1")
            .replace(
                "\"attributes\":[",
                "\"attributes\":["
                    + attribute.formatted("input")
                    + ","
                    + attribute.formatted("output")
                    + ",");
    String body = OtlpBodies.json(span, OtlpBodies.span("00000000000000e2"));

    JsonObject partial =
        new JsonObject(send("/v1/traces", JSON, body.getBytes()).body())
            .getJsonObject("partialSuccess");

    assertEquals("1", partial.getString("rejectedSpans"));
    assertTrue(
        partial
            .getString("errorMessage")
            .startsWith("1 span rejected: not taken: An event may have at most "),
        partial::encode);
  }

  @Test
  void aSpanOverTheLimitIsRejectedAlone() {
    String large = "x".repeat(3_000_000);
    String body =
        OtlpBodies.json(
            OtlpBodies.span("00000000000000c1"),
            OtlpBodies.span("00000000000000c2", "lunary.input", large));

    assertTrue(
        post("/v1/traces", JSON, body.getBytes())
            .contains("1 span rejected: span over 3000000 bytes (1)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[]",
        "{\"resourceSpans\":[{]}",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[7]}]}]}",
        "",
        "{} {}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"soon\"}]}]}]}"
      })
  void jsonThatIsNoRequestIs400InJson(String body) {
    HttpResponse<String> answer = send("/v1/traces", JSON, body.getBytes());

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(3, new JsonObject(answer.body()).getInteger("code"));
  }

  @Test
  void nestingWithoutEndIs400() {
    String deep = "{\"arrayValue\":{\"values\":[".repeat(50_000);
    String body =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":[{\"key\":\"a\",\"value\":"
            + deep;

    assertEquals(400, send("/v1/traces", JSON, body.getBytes()).statusCode());
  }

  @Test
  void nestingWithoutEndIs400InProtobufToo() {
    byte[] value = new byte[0];
    for (int i = 0; i < 5_000; i++) {
      value = OtlpBodies.field(5, OtlpBodies.field(1, value));
    }
    byte[] span = OtlpBodies.field(2, OtlpBodies.field(9, OtlpBodies.field(2, value)));

    HttpResponse<String> answer = send("/v1/traces", PROTOBUF, OtlpBodies.inScope(span));

    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().startsWith("\b\003\022"), answer.body());
  }

  @Test
  void protobufThatIsNoneIs400InProtobuf() {
    HttpResponse<String> answer =
        send("/v1/traces", PROTOBUF, "\n\377nonsense".getBytes(StandardCharsets.ISO_8859_1));

    assertEquals(400, answer.statusCode());
    assertEquals(PROTOBUF, answer.headers().firstValue("content-type").orElse(""));
    assertTrue(answer.body().startsWith("\b\003\022"), answer.body());
  }

  @Test
  void mutatedProtobufIsNever500() {
    byte[] good = OtlpBodies.protobuf("00000000000000d1");
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      int status = send("/v1/traces", PROTOBUF, bad).statusCode();
      assertTrue(status == 200 || status == 400, () -> status + " for " + Arrays.toString(bad));
    }
  }

  @Test
  void brokenGzipIs400() throws IOException {
    byte[] cut = Arrays.copyOf(Compressed.gzip(new byte[1000]), 15);

    assertTrue(post("/v1/traces", PROTOBUF, cut, "gzip").startsWith("400 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {PROTOBUF, JSON})
  void nonsenseAfterTheHeaderOfGzipIs400(String type) throws IOException {
    byte[] header = Arrays.copyOf(Compressed.gzip(new byte[0]), 10);
    byte[] body = Arrays.copyOf(header, 400);
    Arrays.fill(body, header.length, body.length, (byte) 0xff);

    HttpResponse<String> answer = send("/v1/traces", type, body, "Content-Encoding", "gzip");

    assertEquals(400, answer.statusCode());
    assertEquals(type, answer.headers().firstValue("content-type").orElse(""));
  }

  @Test
  void sixtyFiveMebibytesOfZerosAre413() throws IOException {
    byte[] bomb = Compressed.gzip(new byte[65 << 20]);

    assertTrue(bomb.length < 100_000);
    assertTrue(post("/v1/traces", PROTOBUF, bomb, "gzip").startsWith("413 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {PROTOBUF, JSON})
  void aBombIs413AndNothingOfItStays(String type) throws IOException {
    byte[] bomb = Compressed.gzip(new byte[LIMIT + 1]);

    HttpResponse<String> answer = send("/v1/traces", type, bomb, "Content-Encoding", "gzip");

    assertEquals(413, answer.statusCode());
    assertEquals(type, answer.headers().firstValue("content-type").orElse(""));
    assertTrue(answer.headers().firstValue("retry-after").isEmpty());
  }

  @Test
  void moreSpansThanARequestMayHoldAre413() {
    // two bytes for each span: the bytes alone would say that there is little to do
    byte[] spans = new byte[2 * 30_000];
    for (int i = 0; i < spans.length; i += 2) {
      spans[i] = 0x12;
    }
    assertTrue(post("/v1/traces", PROTOBUF, OtlpBodies.inScope(spans)).startsWith("413 "));
  }

  @Test
  void moreValuesThanASpanMayHoldAre400() {
    byte[] values = new byte[2 * 300_000];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = 0x4a;
    }
    byte[] span = OtlpBodies.field(2, values);
    assertTrue(post("/v1/traces", PROTOBUF, OtlpBodies.inScope(span)).startsWith("400 "));
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,,415",
    "application/grpc,,415",
    "application/json,br,415",
    "application/json,'gzip, gzip',415"
  })
  void otherMediaAre415InJson(String type, String encoding, int status) {
    HttpResponse<String> answer =
        send(
            "/v1/traces",
            type,
            "{}".getBytes(),
            "Content-Encoding",
            encoding == null ? "" : encoding);

    assertEquals(status, answer.statusCode());
    assertEquals(3, new JsonObject(answer.body()).getInteger("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void otherMethodsAre405AndToldWhatIsRight(String method) {
    HttpResponse<String> answer = gateway.send(method, "/v1/traces", new byte[0]);

    assertEquals(405, answer.statusCode());
    assertEquals("POST, OPTIONS", answer.headers().firstValue("allow").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/traces",
        "/v1/traces/",
        "//v1/traces",
        "/v1/otel",
        "/v1/otel/traces",
        "/v1/otel/v1/traces/",
        "/v1/logs/",
        "/v1//logs",
        "/v1/otel/v1/logs",
        "/v1/metrics/",
        "/v1/otel//v1/metrics"
      })
  void browsersMayAskFirstAtEveryPath(String path) {
    HttpResponse<String> answer =
        gateway.send(
            "OPTIONS",
            path,
            new byte[0],
            "Origin",
            "https://shop.test",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization, content-type");

    assertTrue(answer.statusCode() == 200 || answer.statusCode() == 204);
    assertTrue(answer.headers().firstValue("access-control-allow-origin").isPresent());
    assertTrue(
        answer.headers().firstValue("access-control-allow-methods").orElse("").contains("POST"));
    assertTrue(answer.headers().firstValue("location").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/logs/",
        "//v1/logs",
        "/v1/otel/v1/logs/",
        "/v1/metrics/",
        "/v1//metrics",
        "//v1/otel//v1/metrics/"
      })
  void slashesMoreThanNeededDoNoHarm(String path) {
    assertEquals("200 {}", post(path, JSON, "{}".getBytes()));
  }

  @Test
  void idsInCapitalsAndTimesAsNumbersGiveTheSameRun() {
    String span = OtlpBodies.span("00000000000000ab").replace("\"1767225600000000000\"", "%s");
    String first = span.formatted("\"1767225600000000000\"");
    String second =
        span.formatted("1767225600000000000")
            .replace(OtlpBodies.TRACE, OtlpBodies.TRACE.toUpperCase(java.util.Locale.ROOT))
            .replace("00000000000000ab", "00000000000000AB");
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals("200 {}", post("/v1/traces", JSON, OtlpBodies.json(first).getBytes()));
      assertEquals("200 {}", post("/v1/traces", JSON, OtlpBodies.json(second).getBytes()));

      List<JsonObject> events = published.runs(4).stream().map(Published.Envelope::event).toList();
      assertEquals(2, events.stream().distinct().count());
    }
  }

  @Test
  void withoutAKeyNothingIsTaken() {
    assertEquals(
        "401 {\"code\":16,\"message\":\"No API key provided\"}",
        text(gateway.send("POST", "/v1/traces", "{}".getBytes(), "Content-Type", JSON)));
    assertEquals(
        "401 \b\020\022\017Invalid API key",
        text(withHeader("Authorization", "Bearer " + UUID.randomUUID(), PROTOBUF)));
    assertEquals(401, withHeader("Authorization", "Bearer nonsense", JSON).statusCode());
    assertEquals(
        401, withHeader("Authorization", "Bearer " + GatewayTester.ORG_KEY, JSON).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization,Bearer %s",
    "Authorization,bearer %s",
    "Authorization,Bearer%%20%s",
    "Authorization,'  Bearer  %s '",
    "x-api-key,%s",
    "lunary-project-key,%s"
  })
  void keysComeInEveryFormThatExportersSend(String header, String form) {
    for (UUID key : List.of(GatewayTester.PRIVATE_KEY, GatewayTester.PROJECT)) {
      assertEquals("200 {}", text(withHeader(header, form.formatted(key), JSON)));
    }
  }

  @Test
  void theProjectIsThatOfTheKeyWhateverASpanSays() {
    String body =
        OtlpBodies.json(
            OtlpBodies.span(
                "00000000000000e1", "lunary.project_key", GatewayTester.OTHER_PROJECT.toString()));
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals("200 {}", post("/v1/traces", JSON, body.getBytes()));

      assertEquals(GatewayTester.PROJECT.toString(), published.runs(1).get(0).project());
    }
  }

  @Test
  void tenThousandSpansInOneRequestAreTaken() {
    String[] spans = new String[10_000];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = OtlpBodies.span("00000001%08x".formatted(i));
    }
    try (Published published = new Published(KAFKA.bootstrapServers())) {
      assertEquals("200 {}", post("/v1/traces", JSON, OtlpBodies.json(spans).getBytes()));

      assertEquals(20_000, published.runs(20_000).size());
    }
  }

  @Test
  void metricsAreTakenAndForgotten() {
    assertEquals("200 {}", post("/v1/metrics", JSON, "{\"resourceMetrics\":[]}".getBytes()));
    assertEquals("200 {}", post("/v1/otel", JSON, "{\"resourceMetrics\":[{}]}".getBytes()));
    assertTrue(post("/v1/metrics", JSON, "{".getBytes()).startsWith("400 "));
  }

  private static HttpResponse<String> withHeader(String header, String value, String type) {
    return gateway.send(
        "POST",
        "/v1/traces",
        type.equals(JSON) ? "{}".getBytes() : new byte[0],
        "Content-Type",
        type,
        header,
        value);
  }

  private static String post(String path, String type, byte[] body) {
    return text(send(path, type, body));
  }

  private static String post(String path, String type, byte[] body, String encoding) {
    return text(send(path, type, body, "Content-Encoding", encoding));
  }

  private static String text(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body();
  }

  private static HttpResponse<String> send(
      String path, String type, byte[] body, String... headers) {
    String[] all = new String[headers.length + 4];
    all[0] = "Authorization";
    all[1] = "Bearer " + GatewayTester.PRIVATE_KEY;
    all[2] = "Content-Type";
    all[3] = type;
    System.arraycopy(headers, 0, all, 4, headers.length);
    return gateway.send("POST", path, body, all);
  }
}
