package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolBlockTest {
  private static final String WEATHER =
      """
      {"tools":[{"type":"function","function":{"name":"get_weather","description":"Get the weather",
      "parameters":{"type":"object","properties":{"city":{"type":"string","description":"City name"},
      "days":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}},
      "opts":{"type":"object","description":"Options","properties":{"a":{"type":"number"}}}}}}}]}
      """;

  @Test
  void everyKindOfParameterIsWrittenAsTheContractSays() {
    String block = ToolBlock.of(WEATHER);

    assertEquals(
        "namespace functions {\n// Get the weather\ntype get_weather = (_: {\n"
            + "  city: string, // City name\n  days: integer, \n"
            + "  \ntags: array<undefined: string, >,\n"
            + "  // Options\nopts: {\n  a: number, \n},\n}) => any;\n}",
        block);
    TokenCounter counter = new TokenCounter();
    assertEquals(58, counter.tokensOf(block, Encoding.O200K));
    assertEquals(59, counter.tokensOf(block, Encoding.CL100K));
  }

  @Test
  void functionsComeBeforeToolsAndStandOnTheirOwnLines() {
    String function = "{\"name\":\"%s\",\"parameters\":{\"properties\":{}}}";
    String params =
        "{\"functions\":["
            + function.formatted("a")
            + ","
            + function.formatted("b")
            + "],"
            + WEATHER.substring(1);

    assertEquals(
        "namespace functions {\n\ntype a = (_: {\n}) => any;\n\ntype b = (_: {\n}) => any;\n}",
        ToolBlock.of(params));
  }

  @Test
  void aParameterThatCannotBeWrittenIsLeftBlank() {
    String params =
        """
        {"tools":[{"name":"f","parameters":{"properties":{"o":{"type":"object"},
        "l":{"type":"array"},"u":{"type":["string","null"]},"s":true}}}]}
        """;

    assertEquals(
        "namespace functions {\n\ntype f = (_: {\n  \n  \nl: array<>,\n  u: string,null, \n"
            + "  s: undefined, \n}) => any;\n}",
        ToolBlock.of(params));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "not json",
        "{\"tools\":null}",
        "{\"tools\":{}}",
        "{\"tools\":[null]}",
        "{\"functions\":[{\"name\":\"x\"}]}",
        "{\"tools\":[{\"type\":\"function\"}]}",
        "{\"tools\":[{\"name\":\"f\",\"input_schema\":{}}]}"
      })
  void toolsThatCannotBeWrittenCountNothing(String params) {
    assertEquals("", ToolBlock.of(params));
  }
}
