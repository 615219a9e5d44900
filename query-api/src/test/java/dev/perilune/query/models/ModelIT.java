package dev.perilune.query.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.query.resource.OnResources;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelIT extends OnResources {
  private static final String SHIPPED = "77777777-7777-4777-8777-777777777777";
  private static final String BODY =
      """
      {"name":"my-model","pattern":"^(my-model)$","unit":"TOKENS","inputCost":1,"outputCost":2,
       "tokenizer":"openai"}
      """;

  @BeforeEach
  void shipOnePrice() {
    api.execute("TRUNCATE model_mapping");
    api.insert("model_mapping", "id", SHIPPED, "name", "gpt", "pattern", "^gpt$", "unit", "TOKENS");
  }

  @Test
  void createdPriceHasTheContractsFields() {
    JsonNode price = good(post("/v1/models", BODY));

    assertEquals(
        "{\"name\":\"my-model\",\"pattern\":\"^(my-model)$\",\"unit\":\"TOKENS\",\"inputCost\":1,"
            + "\"outputCost\":2,\"inputCachingCostReduction\":0,\"tokenizer\":\"openai\","
            + "\"provider\":null,\"startDate\":\"2020-01-01T00:00:00.000Z\"}",
        ((ObjectNode) price.deepCopy())
            .without(List.of("id", "createdAt", "updatedAt", "orgId"))
            .toString());
    assertEquals(ORG, price.path("orgId").asText());
  }

  @Test
  void tokenizerMayBeMissingAndReductionIsKeptAsADecimal() {
    JsonNode price =
        good(
            post(
                "/v1/models",
                """
                {"name":"m","pattern":"m","unit":"MILLISECONDS","inputCost":0.25,"outputCost":0,
                 "inputCachingCostReduction":0.125,"provider":"acme","startDate":"2025-02-03"}
                """));

    assertEquals("", price.path("tokenizer").asText());
    assertEquals(0.125, price.path("inputCachingCostReduction").asDouble());
    assertEquals("acme", price.path("provider").asText());
    assertEquals("2025-02-03T00:00:00.000Z", price.path("startDate").asText());
  }

  @Test
  void listHasTheOrganisationsPricesAndTheShippedOnes() {
    String own = id(good(post("/v1/models", BODY)));
    String later = id(good(post("/v1/models", BODY.replace("my-model", "other"))));
    good(send("POST", "/v1/models", FOREIGN_KEY, BODY));

    List<String> ids = new ArrayList<>();
    good(get("/v1/models")).forEach(price -> ids.add(id(price)));

    assertEquals(List.of(later, own, SHIPPED), ids);
    assertTrue(good(get("/v1/models")).get(2).path("orgId").isNull());
    assertEquals(3, good(send("GET", "/v1/models", SIBLING_KEY, null)).size());
  }

  @Test
  void wrongFieldsAreNamedInTheContractsWords() {
    Reply refused =
        post(
            "/v1/models",
            """
            {"name":"","pattern":"x","unit":"IMAGES","inputCost":-1,"outputCost":"2"}
            """);

    assertEquals(422, refused.status());
    assertEquals(
        "Validation error: String must contain at least 1 character(s) at \"name\"; Invalid enum"
            + " value. Expected 'TOKENS' | 'CHARACTERS' | 'MILLISECONDS', received 'IMAGES' at"
            + " \"unit\"; Number must be greater than or equal to 0 at \"inputCost\"; Expected"
            + " number, received string at \"outputCost\"",
        refused.message());
  }

  @Test
  void patternsThatPricesCouldNotUseAreRefused() {
    for (String pattern : List.of("(", "a{99999}", "x".repeat(2001))) {
      Reply refused = post("/v1/models", BODY.replace("^(my-model)$", pattern));
      assertEquals(422, refused.status(), pattern);
      assertTrue(refused.message().endsWith("at \"pattern\""), refused.message());
    }
    String id = id(good(post("/v1/models", BODY)));
    assertEquals(422, patch("/v1/models/" + id, "{\"pattern\":\"[\"}").status());
  }

  @Test
  void numbersThatNoPriceHasAreRefused() {
    for (String number : List.of("1e999999999", "1e-999999999", "1e13", "0.1234567890123456")) {
      assertEquals(
          422,
          post("/v1/models", BODY.replace("\"inputCost\":1", "\"inputCost\":" + number)).status(),
          number);
    }
  }

  @Test
  void reductionAboveTheInputCostIsRefused() {
    String id = id(good(post("/v1/models", BODY)));

    Reply refused = patch("/v1/models/" + id, "{\"inputCachingCostReduction\":1.5}");
    assertEquals(422, refused.status());
    assertTrue(refused.message().endsWith("at \"inputCachingCostReduction\""), refused.message());
    good(patch("/v1/models/" + id, "{\"inputCachingCostReduction\":1.5,\"inputCost\":2}"));
    assertEquals(422, patch("/v1/models/" + id, "{\"inputCost\":1}").status());
  }

  @Test
  void changeOfOneFieldKeepsTheOthers() {
    JsonNode before = good(post("/v1/models", BODY));

    JsonNode after = good(patch("/v1/models/" + id(before), "{\"outputCost\":3.5,\"x\":1}"));

    assertEquals(3.5, after.path("outputCost").asDouble());
    for (String kept : List.of("id", "name", "pattern", "unit", "inputCost", "createdAt")) {
      assertEquals(before.get(kept), after.get(kept));
    }
  }

  @Test
  void shippedAndForeignPricesCannotBeChangedOrDeleted() {
    String foreign = id(good(send("POST", "/v1/models", FOREIGN_KEY, BODY)));

    for (String id : List.of(SHIPPED, foreign, NOBODYS_ID, "no-uuid")) {
      assertEquals(404, patch("/v1/models/" + id, "{\"name\":\"mine\"}").status());
    }
    assertEquals("{}", good(delete("/v1/models/" + SHIPPED)).toString());
    assertEquals("{}", good(delete("/v1/models/" + foreign)).toString());
    assertEquals(2, api.number("SELECT count(*) FROM model_mapping"));
  }

  @Test
  void deletedPriceIsGone() {
    String id = id(good(post("/v1/models", BODY)));

    assertEquals("{}", good(delete("/v1/models/" + id)).toString());

    assertEquals(1, good(get("/v1/models")).size());
  }

  @Test
  void otherKeysAreRefused() {
    for (String key : new String[] {null, PUBLIC_KEY, ORG_KEY, NOBODYS_ID}) {
      assertEquals(401, send("GET", "/v1/models", key, null).status());
      assertEquals(401, send("POST", "/v1/models", key, BODY).status());
    }
  }

  private static String id(JsonNode price) {
    return price.path("id").asText();
  }
}
