package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * The order in which PostgreSQL's {@code jsonb} keeps the members of an object: by the length of
 * the key in bytes, then by its bytes; of equal keys the last one stays. Inputs are counted in this
 * order, because the counts that people compare ours with were made from such a column. We keep
 * texts as they came, so the order is made here, while the text is written.
 *
 * <p>Each level may copy what it holds once more; objects below {@value #DEEPEST} levels keep the
 * order that they have.
 */
final class StoredOrder {
  private static final int DEEPEST = 32;
  private static final Comparator<String> BY_LENGTH_THEN_BYTES =
      Comparator.comparing(
          key -> key.getBytes(StandardCharsets.UTF_8),
          Comparator.<byte[]>comparingInt(bytes -> bytes.length)
              .thenComparing(Arrays::compareUnsigned));

  private final Deque<Members> open = new ArrayDeque<>();
  private int depth;

  /** To be called before a token is written. */
  void before(JsonToken token, JsonParser parser, StringBuilder out) throws IOException {
    depth += token.isStructStart() ? 1 : 0;
    if (depth <= DEEPEST) {
      switch (token) {
        case START_OBJECT -> open.push(new Members());
        case FIELD_NAME -> open.element().begin(parser.currentName(), out);
        case END_OBJECT -> open.pop().arrange(out);
        default -> {}
      }
    }
    depth -= token.isStructEnd() ? 1 : 0;
  }

  /** The members of one object and where their texts are. */
  private static final class Members {
    private final Map<String, int[]> spans = new TreeMap<>(BY_LENGTH_THEN_BYTES);
    private int start = -1;
    private int[] last = new int[2];
    private boolean ordered = true;
    private String previous = "";

    void begin(String key, StringBuilder out) {
      if (start < 0) {
        start = out.length();
      } else {
        last[1] = out.length() - 1; // without the comma
        ordered &= BY_LENGTH_THEN_BYTES.compare(previous, key) < 0;
      }
      previous = key;
      last = new int[] {out.length(), 0};
      spans.put(key, last);
    }

    void arrange(StringBuilder out) {
      last[1] = out.length();
      if (ordered) {
        return;
      }
      StringBuilder arranged = new StringBuilder();
      for (int[] span : spans.values()) {
        arranged.append(arranged.isEmpty() ? "" : ",").append(out, span[0], span[1]);
      }
      out.setLength(start);
      out.append(arranged);
    }
  }
}
