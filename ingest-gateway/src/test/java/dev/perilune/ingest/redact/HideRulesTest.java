package dev.perilune.ingest.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EventFacts;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.runtime.rules.StoredRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HideRulesTest {
  private static final String TAG = "{\"id\":\"tags\",\"params\":{\"tags\":[\"secret\",\"s2\"]}}";
  private static final String MODEL = "{\"id\":\"models\",\"params\":{\"models\":[\"gpt\"]}}";
  private static final String STATUS = "{\"id\":\"status\",\"params\":{\"status\":\"error\"}}";
  private static final String BOTH =
      "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"r\",\"name\":\"gpt\",\"tags\":[\"s2\"]}";
  private static final String ONE =
      "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"r\",\"name\":\"gpt\",\"tags\":[\"x\"]}";

  @Test
  void andHidesWhenAnyLeafMatchesAndOrOnlyWhenAllDo() {
    assertTrue(hides("[\"AND\"," + TAG + "," + MODEL + "]", ONE));
    assertFalse(hides("[\"OR\"," + TAG + "," + MODEL + "]", ONE));
    assertTrue(hides("[\"OR\"," + TAG + "," + MODEL + "]", BOTH));
    assertTrue(hides("[\"AND\",[\"OR\"," + TAG + "," + MODEL + "]]", BOTH));
    assertFalse(hides("[\"AND\",[\"OR\"," + TAG + "," + MODEL + "]]", ONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[\"AND\"]", "[\"OR\"]", "[\"AND\",[\"OR\"]]"})
  void withoutLeavesNothingIsHidden(String filters) {
    assertNull(HideRules.of(rule(filters)));
  }

  @Test
  void leavesThatSayNothingAboutAnArrivalAreLeftOut() {
    assertNull(HideRules.of(rule("[\"AND\"," + STATUS + "]")));
    assertFalse(hides("[\"AND\"," + STATUS + "," + TAG + "]", ONE));
    assertTrue(hides("[\"OR\"," + STATUS + "," + MODEL + "]", ONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools      | "toolName":"search"       | "type":"tool","name":"search"              | true
          tools      | "toolName":"search"       | "type":"llm","name":"search"               | false
          retrievers | "retrieverName":"docs"    | "type":"retriever","name":"docs"           | true
          retrievers | "retrieverName":"docs"    | "type":"retriever","name":"doc"            | false
          models     | "models":["gpt"]          | "type":"llm","name":"models/gpt"           | true
          models     | "models":["gpt"]          | "type":"llm"                               | false
          metadata   | "key":"k","value":"v"     | "type":"llm","metadata":{"k":"v"}          | true
          metadata   | "key":"k","value":"5"     | "type":"llm","metadata":{"k":5}            | true
          metadata   | "key":"k","value":"true"  | "type":"llm","metadata":{"k":true}         | true
          metadata   | "key":"k","value":"v"     | "type":"llm","metadata":{"k":["v"]}        | false
          users      | "users":[12]              | "type":"llm","userId":"ann"                | true
          users      | "users":["12"]            | "type":"llm","metadata":{"userId":"ann"}   | true
          users      | "users":[13]              | "type":"llm","userId":"ann"                | false
          users      | "users":[12]              | "type":"llm"                               | false
          tags       | "tags":["a"]              | "type":"llm","metadata":{"tags":["a"]}     | true
          """)
  void eachLeafAsksOneThing(String id, String params, String fields, boolean hidden) {
    String filters = "[\"AND\",{\"id\":\"" + id + "\",\"params\":{" + params + "}}]";

    assertEquals(hidden, hides(filters, "{\"event\":\"start\",\"runId\":\"r\"," + fields + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "5", "[\"AND\",{\"id\":\"tags\",\"params\":5}]", "[[[[[[[[[[["})
  void whatIsNoFilterLogicHidesEverything(String filters) {
    assertThrows(IllegalArgumentException.class, () -> HideRules.of(rule(filters)));
  }

  @Test
  void maskingHappensOnlyWhereAProjectAsksForItAtIngestion() {
    assertTrue(ProjectRules.of(List.of(masking("null"))).isEmpty());
    assertTrue(ProjectRules.of(List.of(masking("{\"mode\":\"display\"}"))).isEmpty());
    assertEquals("[EMAIL] 123-45-6789", masked("{\"mode\":\"ingestion\",\"types\":[\"email\"]}"));
    assertEquals("[EMAIL] [SSN]", masked("{\"mode\":\"ingestion\"}"));
  }

  private static String masked(String settings) {
    return ProjectRules.of(List.of(masking(settings))).mask().mask("a@b.co 123-45-6789");
  }

  private static StoredRule masking(String settings) {
    return new StoredRule(new ProjectId(new UUID(0, 1)), "masking", settings, Map.of());
  }

  private static boolean hides(String filters, String event) {
    HideRule rule = HideRules.of(rule(filters));
    return rule != null && rule.hides(facts(event));
  }

  private static StoredRule rule(String filters) {
    ProjectId project = new ProjectId(new UUID(0, 1));
    return new StoredRule(project, "filtering", filters, Map.of("12", "ann"));
  }

  private static EventFacts facts(String event) {
    try {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      return EventFacts.of(new EventReader(1).readRecord(bytes).get(0));
    } catch (RefusedBody e) {
      throw new IllegalArgumentException(e);
    }
  }
}
