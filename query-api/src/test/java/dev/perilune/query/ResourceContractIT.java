package dev.perilune.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.query.resource.Column;
import dev.perilune.query.resource.Column.Trait;
import dev.perilune.query.resource.OnResources;
import dev.perilune.query.resource.Resource;
import dev.perilune.query.runs.QueryTester;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every collection that the kit serves does. */
class ResourceContractIT extends OnResources {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JSON = "{\"z_a\":1.50,\"a\":[null,\"\\u00e9\",12345678901234567890]}";

  static List<Resource> resources() {
    return QueryRoutes.RESOURCES;
  }

  @ParameterizedTest
  @MethodSource("resources")
  void whatWasCreatedIsReadListedChangedAndDeleted(Resource resource) {
    String path = "/v1/" + resource.path();
    ObjectNode body = sample(resource);

    JsonNode created = good(post(path, body.toString()));
    String one = path + "/" + created.path("id").asText();

    body.properties().forEach(f -> assertEquals(f.getValue(), created.get(f.getKey())));
    assertEquals(PROJECT, created.path("projectId").asText());
    assertTrue(created.path("createdAt").asText().matches("\\d{4}-.*T.*\\.\\d{3}Z"));
    assertEquals(created, good(get(one)));
    assertEquals(created, good(get(path)).get(0));
    Column name = names(resource);
    JsonNode changed = good(patch(one, "{\"%s\":\"other\"}".formatted(name.field())));
    assertEquals("other", changed.path(name.field()).asText());
    assertEquals(created.path("createdAt"), changed.path("createdAt"));
    assertEquals("{}", good(delete(one)).toString());
    assertEquals(404, get(one).status());
    assertEquals("[]", good(get(path)).toString());
  }

  @ParameterizedTest
  @MethodSource("resources")
  void emptyChangeKeepsEveryValue(Resource resource) {
    String path = "/v1/" + resource.path();
    JsonNode created = good(post(path, sample(resource).toString()));

    JsonNode changed = good(patch(path + "/" + created.path("id").asText(), "{}"));

    resource
        .columns()
        .forEach(c -> assertEquals(created.get(c.field()), changed.get(c.field()), c.field()));
  }

  @ParameterizedTest
  @MethodSource("resources")
  void freeJsonComesBackByteForByte(Resource resource) {
    for (Column column : resource.settable()) {
      if (column.kind() == Column.Kind.JSON) {
        String rest = sample(resource).without(List.of(column.field())).toString();
        String body = "{\"%s\":%s,%s".formatted(column.field(), JSON, rest.substring(1));

        String answer = post("/v1/" + resource.path(), body).body();

        assertTrue(answer.contains(JSON.replace("\\u00e9", "é")), answer);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("resources")
  void everyMissingFieldIsNamedAtOnce(Resource resource) {
    String message = refusal(post("/v1/" + resource.path(), "{}"));

    String expected =
        resource.settable().stream()
            .filter(column -> column.is(Trait.REQUIRED))
            .map(column -> "Required at \"" + column.field() + "\"")
            .reduce((a, b) -> a + "; " + b)
            .orElse("");
    assertEquals("Validation error: " + expected, message);
  }

  @ParameterizedTest
  @MethodSource("resources")
  void wrongTypesAreNamedWithWhatWouldBeRight(Resource resource) {
    ObjectNode body = sample(resource);
    body.put(names(resource).field(), 7);

    assertEquals(
        "Validation error: Expected string, received number at \"%s\""
            .formatted(names(resource).field()),
        refusal(post("/v1/" + resource.path(), body.toString())));
    body.put(names(resource).field(), "a\0b");
    assertEquals(422, post("/v1/" + resource.path(), body.toString()).status());
    assertEquals(400, post("/v1/" + resource.path(), "{\"a\":").status());
    assertEquals(422, post("/v1/" + resource.path(), "[]").status());
  }

  @ParameterizedTest
  @MethodSource("resources")
  void anotherProjectsRowIsNotThere(Resource resource) {
    String path = "/v1/" + resource.path();
    String one = path + "/" + good(post(path, sample(resource).toString())).path("id").asText();
    String change = "{\"%s\":\"stolen\"}".formatted(names(resource).field());

    for (String stranger : List.of(SIBLING_KEY, FOREIGN_KEY)) {
      assertEquals(404, send("GET", one, stranger, null).status());
      assertEquals(404, send("PATCH", one, stranger, change).status());
      assertEquals(200, send("DELETE", one, stranger, null).status());
      assertEquals("[]", send("GET", path, stranger, null).body());
    }
    assertEquals(200, get(one).status());
  }

  @ParameterizedTest
  @MethodSource("resources")
  void idsThatNobodyHasAreNotThere(Resource resource) {
    String path = "/v1/" + resource.path() + "/";
    assertEquals(404, get(path + NOBODYS_ID).status());
    assertEquals(404, get(path + "no-uuid").status());
    assertEquals(404, patch(path + NOBODYS_ID, "{}").status());
    assertEquals("{}", good(delete(path + NOBODYS_ID)).toString());
  }

  @ParameterizedTest
  @MethodSource("resources")
  void onlyThePrivateKeyOpens(Resource resource) {
    for (String path : List.of("/v1/" + resource.path(), "/v1/" + resource.path() + "/x")) {
      assertEquals(401, send("GET", path, null, null).status());
      Reply publicly = send("GET", path, PUBLIC_KEY, null);
      assertEquals(401, publicly.status());
      assertEquals("This route requires a private API key", publicly.message());
      assertEquals(
          "Org API key cannot access this route", send("GET", path, ORG_KEY, null).message());
    }
  }

  @ParameterizedTest
  @MethodSource("resources")
  void everyChangeIsWrittenDownAndNothingElse(Resource resource) {
    String path = "/v1/" + resource.path();
    String one = path + "/" + good(post(path, sample(resource).toString())).path("id").asText();
    Column name = names(resource);
    patch(one, "{\"%s\":\"other\"}".formatted(name.field()));
    patch(one, "{}");
    delete(one);
    delete(one);
    patch(one, "{}");
    post(path, "{}");

    List<String> actions = new ArrayList<>();
    good(get("/v1/audit-logs"))
        .forEach(
            entry -> {
              assertEquals(resource.audited(), entry.path("resourceType").asText());
              assertTrue(one.endsWith(entry.path("resourceId").asText()));
              actions.add(0, entry.path("action").asText());
            });

    String renamed = name.name().equals(resource.naming()) ? "rename" : "update";
    assertEquals(List.of("create", renamed, "update", "delete"), actions);
  }

  @ParameterizedTest
  @MethodSource("resources")
  void lastChangedComesFirstAndPagesAreCut(Resource resource) {
    String path = "/v1/" + resource.path();
    String first = good(post(path, sample(resource).toString())).path("id").asText();
    String second = good(post(path, sample(resource).toString())).path("id").asText();

    patch(path + "/" + first, "{}");

    assertEquals(first, good(get(path)).get(0).path("id").asText());
    assertEquals(second, good(get(path + "?limit=1&page=1")).get(0).path("id").asText());
    assertEquals(422, get(path + "?limit=0").status());
  }

  private static String refusal(Reply reply) {
    assertEquals(422, reply.status(), reply.body());
    assertEquals("Error", reply.json().path("error").asText());
    return reply.message();
  }

  private static Column names(Resource resource) {
    return resource.settable().get(0);
  }

  private static ObjectNode sample(Resource resource) {
    ObjectNode body = MAPPER.createObjectNode();
    for (Column column : resource.settable()) {
      body.set(
          column.field(),
          QueryTester.tree(
              switch (column.kind()) {
                case TEXT ->
                    "\"" + (column.choices().isEmpty() ? "text" : column.choices().get(0)) + "\"";
                case NUMBER -> "1.5";
                case TIME -> "\"2025-05-01T10:00:00.000Z\"";
                case JSON -> "{\"a\":[1]}";
                case LIST, CHECKS -> "[\"AND\"]";
                case FLAG -> "true";
                case ID -> "\"" + NOBODYS_ID + "\"";
              }));
    }
    return body;
  }
}
