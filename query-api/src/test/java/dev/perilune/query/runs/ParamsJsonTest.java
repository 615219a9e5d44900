package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParamsJsonTest {

  @Test
  void noParametersAreAnEmptyObject() {
    assertEquals("{}", ParamsJson.shown(null));
    assertEquals("{}", ParamsJson.shown("null"));
  }

  @Test
  void toolsInATextAreShownAsJson() {
    assertEquals(
        "{\"a\":1.50,\"tools\":[{\"n\":\"t\"}]}",
        ParamsJson.shown("{\"a\":1.50,\"tools\":\"[{\\\"n\\\":\\\"t\\\"}]\"}"));
  }

  @Test
  void toolsAsPythonPrintsThemAreShownAsJson() {
    assertEquals(
        "{\"tools\":[{\"strict\":true,\"x\":null,\"s\":\"It is True, isn't it\"}]}",
        ParamsJson.shown(
            "{\"tools\":\"[{'strict': True, 'x': None, 's': \\\"It is True, isn't it\\\"},]\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tools\":[{\"n\":1}]}",
        "{\"tools\":\"auto\"}",
        "{\"tools\":\"[{'open\"}",
        "{\"inner\":{\"tools\":\"[]\"}}",
        "[\"tools\"]",
        "\"tools\""
      })
  void otherParametersStayAsTheyCame(String params) {
    assertEquals(params, ParamsJson.shown(params));
  }
}
