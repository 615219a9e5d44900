package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyticsRequestIT extends OnAnalytics {

  private static final String[] ROUTES = {
    "tokens",
    "costs",
    "errors",
    "runs",
    "run-types",
    "latency",
    "users/active",
    "users/new",
    "users/average-cost",
    "threads",
    "feedback/thumb/up",
    "feedback/thumb/down",
    "feedback-ratio",
    "custom-events",
    "agents/top",
    "languages/top",
    "topics/top",
    "models/top",
    "templates/top"
  };

  @Test
  void everyRouteWantsAPrivateKey() {
    for (String route : ROUTES) {
      String path = "/v1/analytics/" + route + "?" + WEEK;
      assertEquals(200, api.get(path).status(), route);
      Reply reply = api.get(path, QueryTester.PROJECT);
      assertEquals(401, reply.status(), route);
      assertEquals("{\"message\":\"This route requires a private API key\"}", reply.body());
      assertEquals(401, api.getAnonymously(path).status(), route);
      reply = api.get(path, QueryTester.ORG_KEY);
      assertEquals(401, reply.status(), route);
      assertEquals("{\"message\":\"Org API key cannot access this route\"}", reply.body());
    }
  }

  @Test
  void theOrganisationsRouteWantsItsKey() {
    String path = "/v1/analytics/org/models/top";
    assertEquals("[]", api.get(path, QueryTester.ORG_KEY).body());
    for (String key : new String[] {QueryTester.PRIVATE_KEY, QueryTester.PROJECT}) {
      assertEquals(401, api.get(path, key).status());
      assertEquals("{\"message\":\"Org API key required\"}", api.get(path, key).body());
    }
    assertEquals(401, api.getAnonymously(path).status());
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    Reply reply = api.get("/v1/analytics/tokens?startDate=2024-05-01&granularity=yearly");
    assertEquals(422, reply.status());
    assertEquals(
        "{\"error\":\"Error\",\"message\":\"Validation error: Invalid datetime, expected one like"
            + " 2024-05-01T00:00:00.000Z at \\\"startDate\\\"; Required at \\\"endDate\\\";"
            + " Required at \\\"timeZone\\\"; Invalid enum value. Expected 'hourly' | 'daily' |"
            + " 'weekly' | 'monthly', received 'yearly' at \\\"granularity\\\"\"}",
        reply.body());
  }

  @ParameterizedTest
  @CsvSource({
    "timeZone, Mars/Olympus",
    "timeZone, ''",
    "startDate, 2024-02-30T00:00:00Z",
    "endDate, 2024-05-01T00:00:00",
    "granularity, Daily",
    "startDate, 0001-01-01T00:00:00Z"
  })
  void anUnusableParameterIsNamed(String name, String value) {
    String query = WEEK.replaceFirst(name + "=[^&]*", name + "=" + value);
    if (value.startsWith("0001")) {
      query = query.replace("daily", "hourly");
      name = "granularity";
    }
    for (String route : ROUTES) {
      boolean tops = route.startsWith("models") || route.startsWith("templates");
      boolean lists = tops || route.contains("/top");
      if (tops && (name.equals("granularity") || value.isEmpty())
          || lists && value.startsWith("0001")) {
        continue;
      }
      Reply reply = api.get("/v1/analytics/" + route + "?" + query);
      assertEquals(422, reply.status(), route + " " + query);
      assertEquals(reply.body(), api.get("/v1/analytics/" + route + "?" + query).body());
      assertTrue(reply.body().contains("at \\\"" + name + "\\\""), reply.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"userId=abc", "userId=-1", "limit=0", "limit=101", "limit=x"})
  void tops422NumbersThatAreNone(String parameter) {
    Reply reply = api.get("/v1/analytics/models/top?" + parameter);
    assertEquals(422, reply.status());
    String name = parameter.split("=")[0];
    assertTrue(reply.body().contains("at \\\"" + name + "\\\""), reply.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeZone=Etc/GMT+5",
        "timeZone=Etc/GMT%205",
        "timeZone=America%2FNew_York",
        "timeZone=EST",
        "timeZone=Asia/Calcutta"
      })
  void timeZonesMayBeWrittenAsClientsDo(String zone) {
    String query = "?&foo=%zz&" + WEEK.replace("timeZone=UTC", zone) + "&=&bar";
    assertEquals(200, api.get("/v1/analytics/tokens" + query).status());
  }

  @Test
  void offsetsInDatesAreUnderstood() {
    run("llm", "2024-05-02T01:00:00Z");
    String query =
        "?startDate=2024-05-02T03:00:00+02:00&endDate=2024-05-02T03:00:00.001%2B02:00"
            + "&timeZone=UTC&granularity=daily";
    assertEquals(1, points("runs" + query).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=error",
        "checks=status%3Derror",
        "type=llm&checks=status%3Derror",
        "checks=%5B%22AND%22%2C%7B%22id%22%3A%22status%22%2C%22params%22%3A%7B%22status%22%3A"
            + "%22error%22%7D%7D%5D"
      })
  void filtersStandInTheQueryOrInItsChecks(String filter) {
    run("llm", "2024-05-02T03:30:00Z", "status", "error", "external_user_id", "1");
    run("llm", "2024-05-02T03:30:00Z", "status", "success");
    assertEquals("05-02 Events 1", points("runs?" + filter + "&" + WEEK).get(1));
  }

  @Test
  void noFilterIsTooMuchForARoute() {
    String[] filters = {
      "type=trace",
      "models=a",
      "tools=a",
      "tags=a",
      "templates=1",
      "users=1",
      "user-props=a.b",
      "metadata=a.b",
      "feedback=%7B%22thumb%22%3A%22up%22%7D",
      "duration=gt.1",
      "cost=gt.1",
      "tokens=prompt.gt.1",
      "search=a",
      "string=any.contains.false.a",
      "length=input.gt.1",
      "custom-events=a",
      "languages=input.en",
      "pii=true",
      "topics=input.a",
      "intents=a",
      "toxicity=input.toxicity",
      "sentiment=input.positive",
      "messages=gt.1",
      "OR&type=llm"
    };
    for (String route : ROUTES) {
      for (String filter : filters) {
        Reply reply = api.get("/v1/analytics/" + route + "?" + filter + "&" + WEEK);
        assertEquals(200, reply.status(), route + " " + filter + reply.body());
      }
    }
  }

  @Test
  void noRouteHasTheNameThatNeverWas() {
    assertEquals(404, api.get("/v1/analytics/top/templates?" + WEEK).status());
  }
}
