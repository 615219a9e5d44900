package dev.perilune.runtime.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpServiceTest {

  private static HttpTester http;

  @BeforeAll
  static void start() {
    http = new HttpTester(HttpServiceTest::routes);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static void routes(Router router) {
    router.get("/v1/things/:id").handler(ctx -> Answer.json(ctx, Params.pathUuid(ctx, "id")));
    router
        .get("/v1/things")
        .handler(ctx -> Answer.json(ctx, Params.integer(ctx, "limit", 1, 1, 9)));
    router.post("/v1/things").handler(Answer::empty);
    router.delete("/v1/things").handler(Answer::noContent);
    router
        .get("/bug")
        .handler(
            ctx -> {
              throw new IllegalStateException("SELECT secret FROM table");
            });
    router.get("/busy").handler(ctx -> ctx.fail(new Problem.Unavailable("full")));
    router.get("/closed").handler(ctx -> ctx.fail(new Problem.Forbidden()));
    router.get("/broken").handler(ctx -> ctx.fail(new Problem.Unauthenticated("no")));
  }

  @Test
  void unknownRoutesAndMethodsAreNotFound() {
    for (HttpResponse<String> answer :
        List.of(
            http.get("/nothing"),
            http.send("PUT", "/v1/things", "{}"),
            http.send("OPTIONS", "/v1/things", ""))) {
      assertEquals(404, answer.statusCode());
      assertEquals("{\"message\":\"Not Found\"}", answer.body());
      assertEquals(
          "application/json; charset=utf-8", answer.headers().firstValue("content-type").get());
    }
  }

  @Test
  void doubledAndTrailingSlashesReachTheRouteWithoutARedirect() {
    for (String path :
        new String[] {
          "/v1/things", "//v1/things", "/v1/things/", "//v1//things/", "///v1/things//"
        }) {
      assertEquals(200, http.get(path).statusCode(), path);
    }
    String id = "/v1/things/7354c1fc-28b4-4d9f-ad70-eccc3a9d009d";
    assertEquals(200, http.get(id + "/").statusCode());
    assertEquals(200, http.get("/" + id).statusCode());
    assertEquals("{}", http.send("POST", "//v1/things/", "{\"a\":1}").body());
  }

  @Test
  void malformedIdsAreNotFoundAndMalformedParametersAreNamed() {
    assertEquals(404, http.get("/v1/things/foo").statusCode());
    HttpResponse<String> refused = http.get("/v1/things?limit=5000");

    assertEquals(422, refused.statusCode());
    assertEquals(
        "{\"error\":\"Error\",\"message\":\"Validation error: must be 1 to 9, was 5000 at \\\"limit\\\"\"}",
        refused.body());
  }

  @Test
  void aMalformedPathIsABadRequest() {
    assertEquals(400, RawHttp.get(http.port(), "/v1/%zz").status());
  }

  @Test
  void aBugTellsTheCallerAnIdAndNothingElse() {
    HttpResponse<String> answer = http.get("/bug");

    assertEquals(500, answer.statusCode());
    JsonObject body = new JsonObject(answer.body());
    assertEquals("An unexpected error occurred", body.getString("message"));
    assertEquals(36, body.getString("requestId").length());
    assertFalse(answer.body().contains("secret"));
  }

  @Test
  void problemsBringTheirStatusBodyAndHeaders() {
    HttpResponse<String> busy = http.get("/busy");
    assertEquals(503, busy.statusCode());
    assertEquals("1", busy.headers().firstValue("retry-after").get());
    assertEquals("{\"message\":\"full\"}", busy.body());

    HttpResponse<String> closed = http.get("/closed");
    assertEquals(403, closed.statusCode());
    assertEquals(
        "{\"error\":\"Forbidden\",\"message\":\"You don't have access to this resource\"}",
        closed.body());

    assertEquals("Bearer", http.get("/broken").headers().firstValue("www-authenticate").get());
  }

  @Test
  void preflightIsAnsweredForAnyOriginAndPath() {
    HttpResponse<String> answer =
        http.send(
            "OPTIONS",
            "/v1/anything",
            "",
            "Origin",
            "https://shop.test",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization, content-type");

    assertEquals(204, answer.statusCode());
    assertEquals("", answer.body());
    assertHeader(answer, "vary", "origin");
    assertHeader(answer, "access-control-allow-origin", "https://shop.test");
    assertHeader(answer, "access-control-allow-credentials", "true");
    assertHeader(answer, "access-control-allow-methods", "GET,POST,PATCH,DELETE,OPTIONS,PUT");
    assertHeader(
        answer, "access-control-allow-headers", "Content-Type,Authorization,Accept,X-Api-Key");
    assertHeader(answer, "access-control-max-age", "7200");
  }

  @Test
  void errorsCarryCrossOriginHeadersToo() {
    for (String path : new String[] {"/nothing", "/bug", "/busy", "/v1/things"}) {
      HttpResponse<String> answer = http.get(path, "Origin", "https://shop.test");

      assertHeader(answer, "access-control-allow-origin", "https://shop.test");
      assertHeader(answer, "access-control-allow-credentials", "true");
      assertHeader(answer, "vary", "origin");
    }
  }

  @Test
  void withoutAnOriginNoOriginIsAllowed() {
    HttpResponse<String> answer = http.get("/v1/things");

    assertEquals(Optional.empty(), answer.headers().firstValue("access-control-allow-origin"));
  }

  @Test
  void deletesAnswerWithoutABody() {
    HttpResponse<String> answer = http.send("DELETE", "/v1/things", "");

    assertEquals(204, answer.statusCode());
    assertEquals("", answer.body());
  }

  @Test
  void healthFollowsEveryPartAndReadinessNamesThem() {
    http.health.register("store", () -> Future.succeededFuture(true));
    assertEquals("{\"status\":\"OK\"}", http.get("/v1/health").body());

    http.health.register("broker", () -> Future.failedFuture("away"));
    HttpResponse<String> down = http.get("/v1/health");
    HttpResponse<String> ready = http.get("/v1/ready");
    HttpResponse<String> live = http.get("/v1/live");
    http.health.register("broker", () -> Future.succeededFuture(true));

    assertEquals(503, down.statusCode());
    assertEquals("{\"status\":\"UNAVAILABLE\"}", down.body());
    assertEquals(
        new JsonObject("{\"broker\":false,\"store\":true}"),
        new JsonObject(ready.body()).getJsonObject("checks"));
    assertEquals("{\"status\":\"OK\"}", live.body());
  }

  @Test
  void metersTellRoutesByTheirTemplate() {
    http.get("/v1/things/7354c1fc-28b4-4d9f-ad70-eccc3a9d009d");

    HttpResponse<String> answer = http.get("/metrics");

    assertTrue(answer.body().contains("perilune_http_requests_seconds_count"));
    assertTrue(answer.body().contains("route=\"/v1/things/:id\""));
    assertFalse(answer.body().contains("7354c1fc"));
    assertTrue(answer.body().contains("jvm_memory_used_bytes"));
  }

  @Test
  void aTakenPortIsToldWithItsSetting() throws IOException {
    try (Meters meters = new Meters();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Future<HttpService> second =
          HttpService.start(
              http.vertx,
              new HttpSettings("127.0.0.1", taken.getLocalPort(), 1),
              new Health(),
              meters,
              router -> {});

      Throwable failure = assertThrows(IllegalStateException.class, () -> HttpTester.await(second));
      assertTrue(failure.getMessage().contains("PERILUNE_PORT"), failure.getMessage());
    }
  }

  @Test
  void closingLetsRequestsUnderWayFinish() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    Promise<Void> gate = Promise.promise();
    HttpTester other =
        new HttpTester(
            router ->
                router
                    .get("/slow")
                    .handler(
                        ctx -> {
                          arrived.countDown();
                          gate.future().onSuccess(open -> Answer.empty(ctx));
                        }));
    CompletableFuture<HttpResponse<String>> slow =
        CompletableFuture.supplyAsync(() -> other.get("/slow"));
    assertTrue(arrived.await(5, TimeUnit.SECONDS));
    CompletableFuture<Void> closed = CompletableFuture.runAsync(other::close);

    other.vertx.setTimer(200, id -> gate.tryComplete());

    assertEquals("{}", slow.get(5, TimeUnit.SECONDS).body());
    closed.get(10, TimeUnit.SECONDS);
  }

  private static void assertHeader(HttpResponse<String> answer, String name, String value) {
    assertEquals(Optional.of(value), answer.headers().firstValue(name));
  }
}
