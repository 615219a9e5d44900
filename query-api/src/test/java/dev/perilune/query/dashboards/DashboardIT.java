package dev.perilune.query.dashboards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.resource.OnResources;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DashboardIT extends OnResources {
  private static final String PATH = "/v1/dashboards";

  /** Key, name, type, aggregation, colour, as the contract lists them. */
  private static final List<String> BUILT_IN =
      List.of(
          "models/top|Top Models|Top|null|null",
          "templates/top|Top Prompts|Top|null|null",
          "users/top|Top Users|Top|null|null",
          "tokens|Tokens|Area|sum|null",
          "agents/top|Top Agents|Top|null|null",
          "threads|Active Conversations|Area|sum|null",
          "costs|Costs|Area|sum|null",
          "errors|Errors Volume|Area|sum|red",
          "users/new|New Users|Area|sum|green",
          "users/active|Active Users|Area|sum|yellow",
          "users/average-cost|Avg. User Cost|Area|avg|green",
          "run-types|Events Volume|Area|sum|null",
          "latency|LLM Latencies|Area|avg|null",
          "feedback-ratio|Thumb Up/Down Score|Area|avg|blue",
          "feedback/thumb/up|Total Thumbs Up|Area|sum|green",
          "feedback/thumb/down|Total Thumbs Down|Area|sum|red",
          "languages/top|Top Languages|Top|null|null",
          "topics/top|Top Topics|Top|null|null");

  @Test
  void freshProjectHasTheDefaultDashboardWithAllCharts() {
    JsonNode list = good(get(PATH));

    assertEquals(1, list.size());
    JsonNode home = list.get(0);
    assertEquals("Default dashboard", home.path("name").asText());
    assertEquals("[\"AND\"]", home.path("checks").toString());
    assertEquals("daily", home.path("granularity").asText());
    assertTrue(home.path("isHome").asBoolean());
    assertFalse(home.has("charts"));
    for (String empty : List.of("startDate", "endDate", "ownerId", "description")) {
      assertTrue(home.has(empty) && home.get(empty).isNull(), empty);
    }
    List<String> charts = new ArrayList<>();
    good(get(PATH + "/" + id(home)))
        .path("charts")
        .forEach(
            chart -> {
              assertEquals(charts.size(), chart.path("sortOrder").asInt());
              assertFalse(chart.path("isCustom").asBoolean());
              assertTrue(chart.get("primaryDimension").isNull());
              charts.add(
                  String.join(
                      "|",
                      chart.path("dataKey").asText(),
                      chart.path("name").asText(),
                      chart.path("type").asText(),
                      chart.path("aggregationMethod").asText(),
                      chart.path("color").asText()));
            });
    assertEquals(BUILT_IN, charts);
  }

  @Test
  void firstCallsAtTheSameTimeMakeOneDashboard() {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(CompletableFuture.supplyAsync(() -> get(PATH)));
    }
    calls.forEach(call -> assertEquals(1, good(call.join()).size()));
    assertEquals(1, api.number("SELECT count(*) FROM dashboard"));
    assertEquals(18, api.number("SELECT count(*) FROM chart"));
  }

  @Test
  void emptyBodyMakesADashboardWithAllCharts() {
    good(get(PATH));

    JsonNode made = good(post(PATH, "{}"));

    assertEquals("Dashboard 2", made.path("name").asText());
    assertEquals(18, made.path("charts").size());
    assertFalse(made.path("isHome").asBoolean());
    assertEquals(made, good(get(PATH + "/" + id(made))));
  }

  @Test
  void chartsCanBeChosenByIdOrLeftOut() {
    JsonNode two = good(post(PATH, "{\"chartIds\":[\"costs\",\"tokens\"]}"));
    assertEquals(List.of("costs", "tokens"), keys(two));
    assertEquals(0, good(post(PATH, "{\"chartIds\":null}")).path("charts").size());
    assertEquals(0, good(post(PATH, "{\"chartIds\":[]}")).path("charts").size());

    Reply refused = post(PATH, "{\"chartIds\":[\"costs\",\"nothing\"]}");

    assertEquals(422, refused.status());
    assertTrue(refused.message().endsWith("at \"chartIds[1]\""), refused.message());
    assertEquals(422, post(PATH, "{\"chartIds\":\"costs\"}").status());
  }

  @Test
  void everyFieldIsKeptAndEmptyTextsAreNull() {
    JsonNode made =
        good(
            post(
                PATH,
                """
                {"name":"Mine","description":"what","granularity":"","startDate":"",
                 "endDate":"2025-05-01T10:00:00.000Z","isHome":null,
                 "checks":["AND",{"id":"models","params":{"models":["gpt-4o"]}}]}
                """));

    assertEquals("Mine", made.path("name").asText());
    assertEquals("what", made.path("description").asText());
    assertTrue(made.get("granularity").isNull());
    assertTrue(made.get("startDate").isNull());
    assertEquals("2025-05-01T10:00:00.000Z", made.path("endDate").asText());
    assertFalse(made.path("isHome").asBoolean());
    assertEquals("models", made.path("checks").get(1).path("id").asText());
  }

  @Test
  void wrongValuesAreNamed() {
    for (String[] wrong :
        new String[][] {
          {"{\"granularity\":\"yearly\"}", "granularity"},
          {"{\"startDate\":\"yesterday\"}", "startDate"},
          {"{\"name\":7}", "name"},
          {"{\"isHome\":\"yes\"}", "isHome"},
          {"{\"checks\":{}}", "checks"},
          {
            "{\"checks\":[\"AND\",{\"id\":\"cost\",\"params\":{\"operator\":\"x\",\"cost\":1}}]}",
            "checks"
          }
        }) {
      Reply refused = post(PATH, wrong[0]);
      assertEquals(422, refused.status(), wrong[0]);
      assertTrue(refused.message().contains("at \"" + wrong[1]), refused.message());
    }
  }

  @Test
  void newHomeReplacesTheOldOneAndComesFirst() {
    String old = id(good(get(PATH)).get(0));
    String mine = id(good(post(PATH, "{\"name\":\"Zoo\",\"isHome\":true}")));
    good(post(PATH, "{\"name\":\"Ape\"}"));

    JsonNode list = good(get(PATH));

    assertEquals(mine, id(list.get(0)));
    assertEquals("Ape", list.get(1).path("name").asText());
    assertFalse(list.get(2).path("isHome").asBoolean());
    good(patch(PATH + "/" + old, "{\"isHome\":true}"));
    assertEquals(old, id(good(get(PATH)).get(0)));
    assertEquals(1, api.number("SELECT count(*) FROM dashboard WHERE is_home"));
  }

  @Test
  void homelessProjectGetsADefaultAgain() {
    String home = id(good(get(PATH)).get(0));
    good(patch(PATH + "/" + home, "{\"isHome\":false}"));

    assertEquals(2, good(get(PATH)).size());
  }

  @Test
  void patchReplacesChartsAndKeepsIdsThatItNames() {
    JsonNode made = good(post(PATH, "{\"chartIds\":[\"costs\",\"tokens\",\"errors\"]}"));
    String kept = id(made.path("charts").get(2));
    String other = id(good(post(PATH, "{}")).path("charts").get(0));

    JsonNode changed =
        good(
            patch(
                PATH + "/" + id(made),
                """
                {"charts":[
                  {"id":"%1$s","name":"Errors!","type":"Area","dataKey":"errors","span":6,"x":1},
                  {"id":"%1$s","name":"Again","type":"Area","dataKey":"errors"},
                  {"id":"%2$s","name":"Foreign","type":"area","dataKey":"costs","sortOrder":0,
                   "checks":["OR"],"granularity":"weekly","color":"red","isCustom":true}]}
                """
                    .formatted(kept, other)));

    JsonNode charts = changed.path("charts");
    assertEquals(3, charts.size());
    assertEquals(kept, id(charts.get(0)));
    assertEquals("Errors!", charts.get(0).path("name").asText());
    assertEquals(6, charts.get(0).path("span").asInt());
    assertEquals(made.path("charts").get(2).path("createdAt"), charts.get(0).path("createdAt"));
    assertNotEquals(kept, id(charts.get(1)));
    assertTrue(charts.get(1).get("span").isNull());
    assertNotEquals(other, id(charts.get(2)));
    assertEquals("[\"OR\"]", charts.get(2).path("checks").toString());
    assertTrue(charts.get(2).path("isCustom").asBoolean());
    for (int i = 0; i < 3; i++) {
      assertEquals(i, charts.get(i).path("sortOrder").asInt());
      assertEquals(id(made), charts.get(i).path("dashboardId").asText());
    }
    assertEquals(changed, good(get(PATH + "/" + id(made))));
  }

  @Test
  void patchWithoutChartsKeepsThemAndAnEmptyListRemovesThem() {
    JsonNode made = good(post(PATH, "{\"granularity\":\"daily\"}"));
    String one = PATH + "/" + id(made);

    JsonNode renamed = good(patch(one, "{\"name\":\"New\",\"granularity\":\"\"}"));
    assertEquals("New", renamed.path("name").asText());
    assertTrue(renamed.get("granularity").isNull());
    assertEquals(made.path("charts"), renamed.path("charts"));
    assertEquals(0, good(patch(one, "{\"charts\":[]}")).path("charts").size());
  }

  @Test
  void wrongChartsAreNamedByTheirPlace() {
    String one = PATH + "/" + id(good(post(PATH, "{}")));

    Reply refused =
        patch(
            one,
            "{\"charts\":[{\"name\":\"a\",\"type\":\"Area\",\"dataKey\":\"costs\"},{\"span\":5}]}");

    assertEquals(422, refused.status());
    assertEquals(
        "Validation error: Required at \"charts[1].name\"; Required at \"charts[1].type\";"
            + " Required at \"charts[1].dataKey\"; Expected 4, 6, 8 or 12 at \"charts[1].span\"",
        refused.message());
    assertEquals(422, patch(one, "{\"charts\":[7]}").status());
    assertEquals(422, patch(one, "{\"charts\":{}}").status());
    assertEquals(422, patch(one, "{\"description\":null}").status());
  }

  @Test
  void homeCannotBeDeletedAndOthersCan() {
    String home = id(good(get(PATH)).get(0));
    String mine = id(good(post(PATH, "{}")));

    Reply refused = delete(PATH + "/" + home);
    assertEquals(400, refused.status());
    assertEquals("cannot delete home dashboard", refused.message());
    assertEquals("{}", good(delete(PATH + "/" + mine)).toString());
    assertEquals(404, delete(PATH + "/" + mine).status());
    assertEquals(18, api.number("SELECT count(*) FROM chart"));
  }

  @Test
  void anotherProjectsDashboardIsNotThere() {
    String one = PATH + "/" + id(good(post(PATH, "{}")));

    for (String key : List.of(SIBLING_KEY, FOREIGN_KEY)) {
      for (String[] call :
          new String[][] {{"GET", null}, {"PATCH", "{\"charts\":[]}"}, {"DELETE", null}}) {
        Reply reply = send(call[0], one, key, call[1]);
        assertEquals(404, reply.status());
        assertEquals("dashboard not found", reply.message());
      }
    }
    assertEquals(18, good(get(one)).path("charts").size());
    assertEquals(404, get(PATH + "/no-uuid").status());
  }

  @Test
  void everyChangeIsWrittenDown() {
    String one = PATH + "/" + id(good(post(PATH, "{}")));
    good(patch(one, "{}"));
    good(delete(one));

    List<String> actions = new ArrayList<>();
    good(get("/v1/audit-logs")).forEach(e -> actions.add(e.path("action").asText()));

    assertEquals(List.of("delete", "update", "create"), actions);
  }

  @Test
  void libraryOfCustomChartsIsKept() {
    String library = PATH + "/charts/custom";
    assertEquals(422, post(library, "{}").status());
    JsonNode made =
        good(
            post(
                library,
                """
                {"name":"By plan","type":"bar","dataKey":"users/active","primaryDimension":"plan",
                 "checks":["AND"]}
                """));
    assertTrue(made.path("isCustom").asBoolean());
    assertEquals(made, good(get(library)).get(0));

    JsonNode changed = good(patch(library, "{\"id\":\"%s\",\"name\":\"New\"}".formatted(id(made))));

    assertEquals("New", changed.path("name").asText());
    assertEquals("plan", changed.path("primaryDimension").asText());
    Reply unknown = patch(library, "{\"id\":\"%s\"}".formatted(NOBODYS_ID));
    assertEquals(404, unknown.status());
    assertEquals("custom chart not found", unknown.message());
    assertEquals(422, patch(library, "{}").status());
    String byBody = "{\"id\":\"%s\"}".formatted(id(made));
    assertEquals(404, send("POST", library + "/delete", SIBLING_KEY, byBody).status());
    assertEquals(changed, good(post(library + "/delete", byBody)));
    assertEquals(404, post(library + "/delete", byBody).status());
  }

  @Test
  void customChartGoesFromDashboardsWithItsDefinition() {
    String library = PATH + "/charts/custom";
    String mine =
        id(good(post(library, "{\"name\":\"a\",\"type\":\"bar\",\"dataKey\":\"users/new\"}")));
    String foreign =
        id(
            good(
                send(
                    "POST",
                    library,
                    FOREIGN_KEY,
                    "{\"name\":\"a\",\"type\":\"bar\",\"dataKey\":\"users/new\"}")));
    String one = PATH + "/" + id(good(post(PATH, "{\"chartIds\":[]}")));
    String chart =
        "{\"charts\":[{\"name\":\"a\",\"type\":\"bar\",\"dataKey\":\"users/new\",\"customChartId\":\"%s\"}]}";

    assertEquals(422, patch(one, chart.formatted(foreign)).status());
    assertEquals(1, good(patch(one, chart.formatted(mine))).path("charts").size());
    good(delete(library + "/" + mine));

    assertEquals(0, good(get(one)).path("charts").size());
  }

  @Test
  void legacyListHasTheProjectsChartsAlone() {
    good(post(PATH, "{\"chartIds\":[\"costs\"]}"));
    good(send("POST", PATH, FOREIGN_KEY, "{}"));

    assertEquals(1, good(get("/v1/charts")).size());
    assertEquals(404, get("/v1/charts/" + NOBODYS_ID).status());
    assertEquals(404, post("/v1/charts", "{}").status());
  }

  @Test
  void otherKeysAreRefused() {
    for (String key : new String[] {null, PUBLIC_KEY, ORG_KEY}) {
      assertEquals(401, send("GET", PATH, key, null).status());
      assertEquals(401, send("GET", "/v1/charts", key, null).status());
      assertEquals(401, send("POST", PATH + "/charts/custom/delete", key, "{}").status());
    }
  }

  private static String id(JsonNode row) {
    return row.path("id").asText();
  }

  private static List<String> keys(JsonNode dashboard) {
    List<String> keys = new ArrayList<>();
    dashboard.path("charts").forEach(chart -> keys.add(chart.path("dataKey").asText()));
    return keys;
  }
}
