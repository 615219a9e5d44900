package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTextTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          " ",
          "0",
          "~",
          "\u007F",
          "/",
          "'",
          "é",
          "ß",
          "Ж",
          "中",
          "\u2028",
          "\uFFFD",
          "🙂",
          "\\n",
          "\\t",
          "\\r",
          "\\b",
          "\\f",
          "\\\"",
          "\\\\",
          "\\/",
          "\\u0000",
          "\\u00e9",
          "\\u4e2d",
          "\\ud83d\\ude42",
          "\\ud83d",
          "\\ude42",
          "\t",
          "\u0001");

  @Test
  void whatIsCopiedAsItStandsIsWhatAWriterWouldWrite() throws IOException {
    Random random = new Random(20261122);
    int copied = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("\"");
      int pieces = random.nextInt(8);
      for (int piece = 0; piece < pieces; piece++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      byte[] json = text.append('"').toString().getBytes(StandardCharsets.UTF_8);
      int end = RawText.endOfPlain(json, 1);
      if (end >= 0) {
        copied++;
        assertEquals(json.length - 1, end, text.toString());
        assertArrayEquals(rewritten(json), Arrays.copyOf(json, end + 1), text.toString());
      }
    }
    assertTrue(copied > 1_000, "Only " + copied + " were copied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hello", "line\\nline", "\\\"quoted\\\"", "größer", "中文", ""})
  void whatPeopleWriteIsCopiedAsItStands(String text) {
    byte[] json = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
    assertEquals(json.length - 1, RawText.endOfPlain(json, 1));
  }

  @Test
  void bytesThatAreNotUtf8AreLeftToTheParser() {
    for (int first : new int[] {0xC0, 0xC1, 0xE0, 0xED, 0xF0, 0xF4, 0xFF}) {
      byte[] json = {'"', (byte) first, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'};
      assertEquals(-1, RawText.endOfPlain(json, 1), Integer.toHexString(first));
    }
  }

  @Test
  void textThatNeverEndsIsLeftToTheParser() {
    assertEquals(-1, RawText.endOfPlain("\"abc".getBytes(StandardCharsets.UTF_8), 1));
    assertEquals(-1, RawText.endOfPlain("\"abc\\".getBytes(StandardCharsets.UTF_8), 1));
  }

  private static byte[] rewritten(byte[] json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonParser in = Json.FACTORY.createParser(json);
        JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
      assertEquals(JsonToken.VALUE_STRING, in.nextToken());
      out.writeString(WireText.clean(in.getText()));
    }
    return bytes.toByteArray();
  }
}
