package dev.perilune.query.projects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.resource.OnResources;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleIT extends OnResources {
  private static final String RULES = "/v1/projects/" + PROJECT + "/rules";
  private static final String SECRET =
      "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":[\"secret\"]}}]";

  @Test
  void filteringRuleIsSavedAndReplaced() {
    assertEquals("{}", good(save(SECRET)).toString());
    JsonNode first = good(get(RULES)).get(0);
    assertEquals("{}", good(save("[\"OR\"]")).toString());

    JsonNode rules = good(get(RULES));

    assertEquals(SECRET, first.path("filters").toString());
    assertEquals("filtering", first.path("type").asText());
    assertEquals(PROJECT, first.path("projectId").asText());
    assertEquals(1, rules.size());
    assertEquals("[\"OR\"]", rules.get(0).path("filters").toString());
    assertEquals(first.path("id"), rules.get(0).path("id"));
    assertTrue(rules.get(0).hasNonNull("createdAt") && rules.get(0).hasNonNull("updatedAt"));
  }

  @Test
  void maskingRuleHasNoFilters() {
    good(post(RULES, "{\"type\":\"masking\"}"));

    JsonNode rules = good(get(RULES));
    assertEquals(1, rules.size());
    assertTrue(rules.get(0).has("filters") && rules.get(0).get("filters").isNull());
    assertEquals(422, post(RULES, "{\"type\":\"masking\",\"filters\":[]}").status());
  }

  @Test
  void maskingBeforeStorageNamesItsTypes() {
    good(post(RULES, "{\"type\":\"masking\",\"mode\":\"ingestion\",\"types\":[\"email\"]}"));

    assertEquals(
        "{\"mode\":\"ingestion\",\"types\":[\"email\"]}",
        good(get(RULES)).get(0).path("filters").toString());
    assertEquals(
        422,
        post(RULES, "{\"type\":\"masking\",\"mode\":\"ingestion\",\"types\":[\"shoe\"]}").status());
    assertEquals(422, post(RULES, "{\"type\":\"masking\",\"mode\":\"other\"}").status());
  }

  @Test
  void everyConditionOfAnArrivingEventIsTaken() {
    good(
        save(
            """
            ["OR", {"id":"models","params":{"models":["gpt-4o"]}},
             {"id":"tools","params":{"toolName":"search"}},
             {"id":"retrievers","params":{"retrieverName":"docs"}},
             ["AND", {"id":"users","params":{"users":[7,"8"]}},
                     {"id":"metadata","params":{"key":"tenant","value":"acme"}}]]
            """));
  }

  @Test
  void whatNoArrivingEventCanBeAskedIsRefused() {
    for (String filters :
        List.of(
            "[\"AND\",{\"id\":\"status\",\"params\":{\"status\":\"error\"}}]",
            "[\"AND\",[\"OR\",{\"id\":\"date\",\"params\":{}}]]",
            "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":[{\"a\":1}]}}]",
            "[\"AND\",{\"id\":\"tags\",\"params\":[1]}]",
            "[\"AND\",{\"id\":\"metadata\",\"params\":{\"key\":\"a\",\"value\":1e99999}}]",
            "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":[\"\\u0000\"]}}]",
            "[\"AND\",{\"id\":\"tags\",\"x\":1e99999,\"params\":{}}]",
            "[\"XOR\"]",
            "[7]",
            "[".repeat(30) + "]".repeat(30),
            "{}",
            "null")) {
      Reply refused = save(filters);
      assertEquals(422, refused.status(), filters + refused.body());
      assertTrue(refused.message().contains("at \"filters"), refused.message());
    }
    assertEquals(422, post(RULES, "{\"type\":\"filtering\"}").status());
    assertEquals(422, post(RULES, "{\"type\":\"blocking\"}").status());
    assertEquals("[]", good(get(RULES)).toString());
  }

  @Test
  void bareDeletionRemovesAllRulesAndPreciseOnesOne() {
    good(save(SECRET));
    good(post(RULES, "{\"type\":\"masking\"}"));
    assertEquals("{}", good(delete(RULES + "?type=masking")).toString());
    JsonNode left = good(get(RULES));
    assertEquals("filtering", left.get(0).path("type").asText());
    good(delete(RULES + "/" + left.get(0).path("id").asText()));
    assertEquals("[]", good(get(RULES)).toString());

    good(save(SECRET));
    good(post(RULES, "{\"type\":\"masking\"}"));
    assertEquals("{}", good(delete(RULES)).toString());
    assertEquals("[]", good(get(RULES)).toString());
    assertEquals(422, delete(RULES + "?type=other").status());
  }

  @Test
  void maskingIsWrittenDownWhenItComesAndGoes() {
    good(post(RULES, "{\"type\":\"masking\"}"));
    good(delete(RULES));
    good(delete(RULES));

    JsonNode log = good(get("/v1/audit-logs"));

    assertEquals(2, log.size());
    assertEquals("disable", log.get(0).path("action").asText());
    assertEquals("enable", log.get(1).path("action").asText());
    assertEquals("pii_masking", log.get(1).path("resourceType").asText());
  }

  @Test
  void organisationKeyOpensRulesOfItsProjects() {
    assertEquals(200, send("GET", RULES, ORG_KEY, null).status());
    assertEquals(404, send("GET", RULES, SIBLING_KEY, null).status());
    assertEquals(404, send("GET", RULES, FOREIGN_ORG_KEY, null).status());
  }

  private Reply save(String filters) {
    return post(RULES, "{\"type\":\"filtering\",\"filters\":" + filters + "}");
  }
}
