package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

  @ParameterizedTest
  @CsvSource({
    "1.0, 1",
    "-0.0, 0",
    "100, 100",
    "0.1, 0.1",
    "-12.50, -12.5",
    "1e21, 1e+21",
    "1e20, 100000000000000000000",
    "123456789012345678901234, 1.2345678901234569e+23",
    "12345678901234567890, 12345678901234567000",
    "9007199254740993, 9007199254740992",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "1.5e-9, 1.5e-9",
    "5e-324, 5e-324",
    "2e23, 2e+23",
    "2.0E-3, 0.002",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "1e400, null",
    "NaN, null",
    "-INF, null"
  })
  void numbersAreThoseOfJavaScript(String json, String expected) throws IOException {
    assertEquals(expected, compact(json));
  }

  @Test
  void onlyWhatMustBeEscapedIsEscaped() throws IOException {
    String json =
        "\"\\u0022\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u2028\\u00e9\\ud83d\\ude00\\ud800x\\udc00\"";

    assertEquals(
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u007f\u2028\u00e9\ud83d\ude00\\ud800x\\udc00\"",
        compact(json));
  }

  @Test
  void structureIsCompact() throws IOException {
    String json =
        " { \"a\" : [ 1 , { } , [ ] , \"[\" , null ] , \"b\" : { \"c\" : true , \"d\" : false } } ";

    assertEquals("{\"a\":[1,{},[],\"[\",null],\"b\":{\"c\":true,\"d\":false}}", compact(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"t\",\"text\":\"x\"} | {\"text\":\"x\",\"type\":\"t\"}",
        "{\"ccc\":1,\"bb\":[2,{\"z\":1,\"a\":2}],\"a\":{}} | {\"a\":{},\"bb\":[2,{\"a\":2,\"z\":1}],\"ccc\":1}",
        "{\"a\":1,\"b\":2,\"a\":3} | {\"a\":3,\"b\":2}",
        "{\"é\":1,\"zz\":2,\"aaa\":3} | {\"zz\":2,\"é\":1,\"aaa\":3}",
        "{\"b\":{},\"\":[]} | {\"\":[],\"b\":{}}",
        "[{\"b\":1,\"a\":\"},{\"},{}] | [{\"a\":\"},{\",\"b\":1},{}]",
      })
  void membersCanBeOrderedAsTheDatabaseOrdersThem(String json, String expected) throws IOException {
    try (JsonParser parser = JsonText.parser(json)) {
      parser.nextToken();
      assertEquals(expected, JsonText.stored(parser));
    }
  }

  @Test
  void lengthIsThatOfTheTextItselfOrOfItsJson() {
    assertEquals(2, JsonText.lengthOf("\"\ud83d\ude00\""));
    assertEquals(7, JsonText.lengthOf("{ \"a\" : 1 }"));
    assertEquals(0, JsonText.lengthOf("\"\""));
  }

  private static String compact(String json) throws IOException {
    try (JsonParser parser = JsonText.parser(json)) {
      parser.nextToken();
      return JsonText.compact(parser);
    }
  }
}
