package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input\":\"a\"}                 | \"a\"",
        "{ \"input\" : [1, {\"b\":2}] }    | [1, {\"b\":2,\"enrichments\":[]}]",
        "{\"input\":{\"input\":1}}         | {\"input\":1,\"enrichments\":[]}",
        "{\"input\":{}}                    | {\"enrichments\":[]}",
        "{\"input\":null}                  | null",
        "{\"input\":1,\"b\":2}             | {\"input\":1,\"b\":2,\"enrichments\":[]}",
        "{\"output\":1}                    | {\"output\":1,\"enrichments\":[]}",
        "[{\"input\":1}]                   | [{\"input\":1,\"enrichments\":[]}]",
        "[[{\"a\":1}],{},7,\"x\",null]     | [[{\"a\":1}],{\"enrichments\":[]},7,\"x\",null]",
        "{\"a\":1,\"enrichments\":[3]}     | {\"a\":1,\"enrichments\":[3]}",
        "{\"enrichmentsX\":1}              | {\"enrichmentsX\":1,\"enrichments\":[]}",
        "[]                                | []",
        "\"text with {\"                   | \"text with {\"",
        "12.50e+3                          | 12.50e+3"
      })
  void anInputIsUnwrappedAndItsMessagesTakeNotes(String stored, String shown) {
    assertEquals(shown, PayloadJson.shown(stored, "input"));
  }

  @Test
  void whatIsMissingIsNull() {
    assertEquals("null", PayloadJson.shown(null, "input"));
    assertEquals("null", PayloadJson.shownError(null));
    assertNull(PayloadJson.firstMessage(null));
  }

  @Test
  void onlyAnErrorThatIsAnObjectTakesNotes() {
    assertEquals(
        "{\"message\":\"m\",\"enrichments\":[]}", PayloadJson.shownError("{\"message\":\"m\"}"));
    assertEquals("\"m\"", PayloadJson.shownError("\"m\""));
    assertEquals("[{}]", PayloadJson.shownError("[{}]"));
  }

  @Test
  void numbersAndEscapesOfAnyLengthStayAsTheyCame() {
    String digits = "9".repeat(5000) + ".10E+400";
    String message = "{\"n\":" + digits + ",\"s\":\"\\ud800\\u0000\\/" + "é".repeat(70_000) + "\"}";
    assertEquals(
        "[" + message.replace("\"}", "\",\"enrichments\":[]}") + "," + digits + "]",
        PayloadJson.shown("[" + message + "," + digits + "]", "input"));
  }

  @Test
  void deepNestingIsShown() {
    String deep = "[".repeat(20_000) + "]".repeat(20_000);
    assertEquals(
        "{\"a\":" + deep + ",\"enrichments\":[]}",
        PayloadJson.shown("{\"a\":" + deep + "}", "input"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,2]             | 2",
        "[ {\"a\":[1]} ]   | {\"a\":[1]}",
        "[1, \"a]\" ]      | \"a]\"",
        "[[1],[2,3]]       | [2,3]",
        "[]                | null",
        "{\"a\":[1]}       | {\"a\":[1]}",
        "\"[1]\"           | \"[1]\""
      })
  void theLastElementOfAListIsTaken(String json, String last) {
    assertEquals(last, PayloadJson.last(json));
  }

  @Test
  void contentIsCutToAHundredCharacters() {
    assertEquals(message("x".repeat(100)), PayloadJson.withShortContent(message("x".repeat(101))));
    assertEquals(message("x".repeat(100)), PayloadJson.withShortContent(message("x".repeat(100))));
    assertEquals(
        message("\\n\\u00e9".repeat(50)),
        PayloadJson.withShortContent(message("\\n\\u00e9".repeat(60))));
    // the hundredth unit is half of a character
    assertEquals(
        message("x".repeat(99)),
        PayloadJson.withShortContent(message("x".repeat(99) + "😀 and on")));
    assertEquals(
        message("x".repeat(98) + "😀"),
        PayloadJson.withShortContent(message("x".repeat(98) + "😀 and on")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":[\"a\"]}",
        "{\"text\":\"content\"}",
        "[{\"content\":\"a\"}]",
        "\"content\"",
        "{\"a\":{\"content\":\"b\"}}",
        "7"
      })
  void otherContentIsLeftAlone(String json) {
    assertEquals(json, PayloadJson.withShortContent(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"a\":1} , {\"b\":2}] | {\"a\":1}",
        "[\"hi\"]                | {\"role\":\"user\",\"content\":\"hi\"}",
        "\"hi\"                  | {\"role\":\"user\",\"content\":\"hi\"}",
        "{\"content\":\"a\"}     | {\"content\":\"a\"}"
      })
  void theFirstMessageIsTheFirstOfTheInput(String input, String first) {
    assertEquals(first, PayloadJson.firstMessage(input));
  }

  @Test
  void compactJsonKeepsSpaceInTextsOnly() {
    assertEquals(
        "{\"a \\\" b\":[1,\" c \"],\"d\":null}",
        JsonTexts.compact("{\"a \\\" b\": [1, \" c \"],\n\t\"d\" : null}"));
  }

  private static String message(String content) {
    return "{\"role\":\"user\",\"content\":\"" + content + "\",\"z\":1}";
  }
}
