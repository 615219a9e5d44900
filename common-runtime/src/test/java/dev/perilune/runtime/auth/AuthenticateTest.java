package dev.perilune.runtime.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.auth.Caller.Kind;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.HttpTester;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuthenticateTest {

  private static final UUID PROJECT = UUID.fromString("11111111-1111-4111-8111-111111111111");
  private static final UUID PRIVATE = UUID.fromString("22222222-2222-0222-0222-222222222222");
  private static final UUID ORG = UUID.fromString("33333333-3333-4333-8333-333333333333");
  private static final UUID AWAY = UUID.fromString("44444444-4444-4444-8444-444444444444");
  private static final UUID STRANGER = UUID.fromString("55555555-5555-4555-8555-555555555555");

  private static HttpTester http;

  @BeforeAll
  static void start() {
    http = new HttpTester(AuthenticateTest::routes);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static void routes(Router router) {
    ApiKeys keys = new ApiKeys(key -> lookUp(key), System::nanoTime);
    router.route("/optional").handler(Authenticate.optional(keys)).handler(AuthenticateTest::tell);
    router.route("/project").handler(Authenticate.project(keys)).handler(AuthenticateTest::tell);
    router.route("/private").handler(Authenticate.privateKey(keys)).handler(AuthenticateTest::tell);
    router
        .post("/echo")
        .handler(Authenticate.project(keys))
        .handler(ctx -> ctx.request().body().onSuccess(body -> ctx.response().end(body)));
  }

  /** Answers late, so that requests have to wait for their caller. */
  private static Future<Optional<Caller>> lookUp(UUID key) {
    if (key.equals(AWAY)) {
      return Future.failedFuture(new Problem.Unavailable("away"));
    }
    Map<UUID, Caller> all =
        Map.of(
            PROJECT, new Caller(Kind.PUBLIC_KEY, new ProjectId(PROJECT), ORG, PROJECT),
            PRIVATE, new Caller(Kind.PRIVATE_KEY, new ProjectId(PROJECT), ORG, PRIVATE),
            ORG, new Caller(Kind.ORG_KEY, null, ORG, ORG));
    Promise<Optional<Caller>> late = Promise.promise();
    http.vertx.setTimer(20, id -> late.complete(Optional.ofNullable(all.get(key))));
    return late.future();
  }

  private static void tell(io.vertx.ext.web.RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    Answer.json(
        ctx,
        new JsonObject()
            .put("kind", caller.kind().name())
            .put("project", String.valueOf(caller.project())));
  }

  @Test
  void aPrivateKeyOpensEveryDoor() {
    for (String door : new String[] {"/optional", "/project", "/private"}) {
      assertAnswer(
          200,
          "{\"kind\":\"PRIVATE_KEY\",\"project\":\"" + PROJECT + "\"}",
          http.get(door, "Authorization", "Bearer " + PRIVATE));
    }
  }

  @Test
  void aPublicKeyOpensPublicDoorsOnly() {
    String key = "Bearer " + PROJECT;

    assertEquals(200, http.get("/optional", "Authorization", key).statusCode());
    assertEquals(200, http.get("/project", "Authorization", key).statusCode());
    assertRefused("This route requires a private API key", "/private", "Authorization", key);
  }

  @Test
  void anOrganisationKeyOpensNoProjectDoor() {
    for (String door : new String[] {"/optional", "/project", "/private"}) {
      assertRefused("Org API key cannot access this route", door, "Authorization", "Bearer " + ORG);
    }
  }

  @Test
  void noCredentialIsRefusedUnlessTheDoorIsOpen() {
    assertRefused("No API key or session token provided", "/project");
    assertRefused("No API key or session token provided", "/private");
    assertAnswer(200, "{\"kind\":\"ANONYMOUS\",\"project\":\"null\"}", http.get("/optional"));
  }

  @Test
  void unknownAndMalformedCredentialsAreRefusedEverywhere() {
    for (String door : new String[] {"/optional", "/project", "/private"}) {
      assertRefused("Invalid API key", door, "Authorization", "Bearer " + STRANGER);
      assertRefused("Invalid access token", door, "Authorization", "Bearer undefined");
      assertRefused("Invalid API key", door, "X-Api-Key", "undefined");
    }
  }

  @Test
  void anySchemeWordWillDoButNotNone() {
    for (String scheme : new String[] {"Basic", "Token", "x"}) {
      assertEquals(200, http.get("/private", "Authorization", scheme + " " + PRIVATE).statusCode());
    }
    assertRefused(
        "No API key or session token provided", "/private", "Authorization", PRIVATE.toString());
  }

  @Test
  void theApiKeyHeaderIsReadAfterTheAuthorizationHeader() {
    assertEquals(
        200, http.get("/private", "X-Api-Key", PRIVATE.toString().toUpperCase()).statusCode());
    assertRefused(
        "This route requires a private API key",
        "/private",
        "Authorization",
        "Bearer " + PROJECT,
        "X-Api-Key",
        PRIVATE.toString());
  }

  @Test
  void anUncheckableKeyIsToldToComeBack() {
    HttpResponse<String> answer = http.get("/project", "Authorization", "Bearer " + AWAY);

    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("retry-after").get());
  }

  @Test
  void theBodyWaitsForTheCaller() {
    UUID fresh = UUID.randomUUID();
    String body = "x".repeat(300_000);
    HttpResponse<String> refused =
        http.send("POST", "/echo", body, "Authorization", "Bearer " + fresh);
    HttpResponse<String> taken =
        http.send("POST", "/echo", body, "Authorization", "Bearer " + PROJECT);

    assertEquals(401, refused.statusCode());
    assertEquals(body, taken.body());
  }

  private static void assertRefused(String text, String path, String... headers) {
    HttpResponse<String> answer = http.get(path, headers);
    assertAnswer(401, "{\"message\":\"" + text + "\"}", answer);
    assertEquals("Bearer", answer.headers().firstValue("www-authenticate").get());
  }

  private static void assertAnswer(int status, String body, HttpResponse<String> answer) {
    assertEquals(status + " " + body, answer.statusCode() + " " + answer.body());
  }
}
