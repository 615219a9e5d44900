package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.ORG_KEY;
import static dev.perilune.ingest.GatewayTester.PRIVATE_KEY;
import static dev.perilune.ingest.GatewayTester.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DoorIT {

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static GatewayTester gateway;

  @BeforeAll
  static void start() {
    gateway =
        new GatewayTester(KAFKA.bootstrapServers(), POSTGRES.settings(), Map.of())
            .withProjects()
            .ready();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void everyShapeOfTheEventsFieldIsTaken() {
    for (String body :
        new String[] {
          "{\"events\":{\"event\":\"end\",\"runId\":\"s\"}}",
          "{\"events\":[[{\"event\":\"end\",\"runId\":\"s\"}]]}",
          "[{\"event\":\"end\",\"runId\":\"s\"}]"
        }) {
      HttpResponse<String> answer = gateway.post(body);

      assertEquals(200, answer.statusCode(), body);
      assertEquals(new JsonArray("[{\"id\":\"s\",\"success\":true}]"), results(answer), body);
    }
    assertEquals("{\"results\":[]}", gateway.post("{\"events\":[]}").body());
  }

  @Test
  void bodiesWithoutEventsAreBadRequests() {
    String missing = "{\"message\":\"Missing events payload.\"}";
    for (String body : new String[] {"", "{}", "{\"events\":null}", "{\"events\":0}", "  "}) {
      assertAnswer(400, missing, gateway.post(body));
    }
    for (String scalar : new String[] {"5", "null", "\"events\"", "true"}) {
      assertAnswer(
          400,
          "{\"message\":\"invalid JSON, only supports object and array\"}",
          gateway.post(scalar));
    }
    byte[] events = "{\"events\":[]}".getBytes(StandardCharsets.UTF_8);
    String[] key = {"Authorization", "Bearer " + PRIVATE_KEY};
    assertAnswer(400, missing, gateway.send("POST", "/v1/runs/ingest", events, key));
    assertAnswer(400, missing, typed("text/plain", events));
    assertAnswer(400, missing, typed("application/x-www-form-urlencoded", events));
  }

  @Test
  void brokenJsonIsABadRequestThatSaysWhere() {
    for (String body : new String[] {"{", "[{]", "{\"events\":[{\"a\":01}]}", "[] []", "\u0000"}) {
      HttpResponse<String> answer = gateway.post(body);

      assertEquals(400, answer.statusCode(), body);
      assertTrue(new JsonObject(answer.body()).getString("message").length() > 10, body);
    }
  }

  @Test
  void everyJsonContentTypeIsRead() {
    byte[] events = "{\"events\":[]}".getBytes(StandardCharsets.UTF_8);
    for (String type :
        new String[] {
          "application/json; charset=utf-8",
          "Application/JSON",
          "application/vnd.api+json",
          "application/json-patch+json",
          "application/csp-report"
        }) {
      assertAnswer(200, "{\"results\":[]}", typed(type, events));
    }
  }

  @Test
  void aMillionElementListIsTakenInsideAnEventAndRefusedAsEvents() {
    String million = "1,".repeat(999_999) + "1";

    assertEquals(
        200,
        gateway
            .post("[{\"event\":\"end\",\"runId\":\"m\",\"output\":[" + million + "]}]")
            .statusCode());
    assertAnswer(
        413,
        "{\"message\":\"A request may hold at most 100000 events\"}",
        gateway.post("[" + million + "]"));
  }

  @Test
  void depthWithoutEndIsRefusedWithoutHarm() {
    HttpResponse<String> answer =
        gateway.post("[{\"event\":\"end\",\"runId\":\"d\",\"input\":" + "[".repeat(900_000));

    assertEquals(400, answer.statusCode());
    assertEquals(200, gateway.post("[]").statusCode());
  }

  @Test
  void credentialsDecideWhoMaySend() {
    byte[] none = "{\"events\":[]}".getBytes(StandardCharsets.UTF_8);
    String[] json = {"Content-Type", "application/json"};
    assertAnswer(
        402,
        "{\"message\":\"Incorrect project id format\"}",
        gateway.send("POST", "/v1/runs/ingest", none, json));
    assertAnswer(200, "{\"results\":[]}", withKey("Authorization", "Bearer " + PROJECT));
    assertAnswer(200, "{\"results\":[]}", withKey("X-Api-Key", PRIVATE_KEY.toString()));
    assertAnswer(
        401,
        "{\"message\":\"Invalid API key\"}",
        withKey("Authorization", "Bearer " + UUID.randomUUID()));
    assertAnswer(
        401,
        "{\"message\":\"Invalid access token\"}",
        withKey("Authorization", "Bearer undefined"));
    assertAnswer(
        401,
        "{\"message\":\"Org API key cannot access this route\"}",
        withKey("Authorization", "Bearer " + ORG_KEY));
  }

  @Test
  void browsersMayPostFromAnywhereAndReadTheRefusal() {
    HttpResponse<String> refused = withKey("Authorization", "Bearer x", "Origin", "https://a.test");
    HttpResponse<String> preflight =
        gateway.send(
            "OPTIONS",
            "/v1/runs/ingest",
            new byte[0],
            "Origin",
            "https://a.test",
            "Access-Control-Request-Method",
            "POST");

    assertEquals(401, refused.statusCode());
    assertEquals(204, preflight.statusCode());
    for (HttpResponse<String> answer : List.of(refused, preflight)) {
      assertEquals(
          Optional.of("https://a.test"),
          answer.headers().firstValue("access-control-allow-origin"));
    }
  }

  @Test
  void doubledAndTrailingSlashesReachTheDoor() {
    for (String path : new String[] {"//v1/runs/ingest", "/v1/runs/ingest/"}) {
      HttpResponse<String> answer =
          gateway.send(
              "POST",
              path,
              "{\"events\":[]}".getBytes(StandardCharsets.UTF_8),
              "Authorization",
              "Bearer " + PROJECT,
              "Content-Type",
              "application/json");

      assertAnswer(200, "{\"results\":[]}", answer);
    }
  }

  @Test
  void theLegacyReportRefusesWhatItCannotPlace() {
    String missing = "{\"message\":\"Missing events payload.\"}";
    assertAnswer(400, missing, report("{\"events\":[]}"));
    assertAnswer(400, missing, report("{}"));
    assertAnswer(
        402,
        "{\"message\":\"Incorrect project id format\"}",
        report("{\"events\":[{\"app\":\"my app\"}]}"));
    assertAnswer(402, "{\"message\":\"Incorrect project id format\"}", report("{\"events\":[{}]}"));
    assertAnswer(
        401,
        "{\"message\":\"This project does not exist\"}",
        report("{\"events\":[{\"app\":\"" + UUID.randomUUID() + "\"}]}"));
    assertAnswer(
        401,
        "{\"message\":\"This project does not exist\"}",
        report("{\"events\":[{\"app\":\"" + ORG_KEY + "\"}]}"));
  }

  private HttpResponse<String> withKey(String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return gateway.send(
        "POST", "/v1/runs/ingest", "{\"events\":[]}".getBytes(StandardCharsets.UTF_8), all);
  }

  private HttpResponse<String> typed(String contentType, byte[] body) {
    return gateway.send(
        "POST",
        "/v1/runs/ingest",
        body,
        "Authorization",
        "Bearer " + PRIVATE_KEY,
        "Content-Type",
        contentType);
  }

  private HttpResponse<String> report(String body) {
    return gateway.send(
        "POST",
        "/api/report",
        body.getBytes(StandardCharsets.UTF_8),
        "Content-Type",
        "application/json");
  }

  private static JsonArray results(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonArray("results");
  }

  private static void assertAnswer(int status, String body, HttpResponse<String> answer) {
    assertEquals(status + " " + body, answer.statusCode() + " " + answer.body());
  }
}
