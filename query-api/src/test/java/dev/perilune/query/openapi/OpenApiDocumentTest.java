package dev.perilune.query.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final ObjectNode document = OpenApiDocument.load();

  @Test
  void itIsOpenApiOfThisBuild() {
    assertEquals("3.1.0", document.get("openapi").asText());
    String version = document.at("/info/version").asText();
    assertFalse(version.isEmpty() || version.contains("$"), version);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    Set<String> lost = new TreeSet<>();
    document
        .findValuesAsText("$ref")
        .forEach(
            ref -> {
              if (document.at(ref.substring(1)).isMissingNode()) {
                lost.add(ref);
              }
            });
    assertEquals(Set.of(), lost);
  }

  @Test
  void everyOperationSaysWhatItIsAndWhatMayGoWrong() {
    Set<String> ids = new HashSet<>();
    Set<String> tags = new HashSet<>(document.get("tags").findValuesAsText("name"));
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          String name = operation.getKey() + " " + path.getKey();
                          JsonNode said = operation.getValue();
                          assertTrue(said.hasNonNull("summary"), name + " has no summary");
                          assertTrue(ids.add(said.path("operationId").asText()), name + " id");
                          assertTrue(tags.contains(said.at("/tags/0").asText()), name + " tag");
                          boolean open = said.has("security") && said.get("security").isEmpty();
                          assertTrue(
                              open || said.path("responses").has("401"), name + " without a key");
                          assertEquals(parametersOf(path.getKey()), pathParameters(said), name);
                        }));
  }

  private Set<String> pathParameters(JsonNode operation) {
    Set<String> names = new HashSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      JsonNode said =
          parameter.has("$ref")
              ? document.at(parameter.get("$ref").asText().substring(1))
              : parameter;
      if (said.path("in").asText().equals("path")) {
        names.add(said.path("name").asText());
      }
    }
    return names;
  }

  private static Set<String> parametersOf(String path) {
    return PARAMETER
        .matcher(path)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
