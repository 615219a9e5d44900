package dev.perilune.ingest.otlp.decode;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OTLP values to Java values. Two bytes can stand for an empty value, so their number is limited,
 * not only their bytes.
 */
final class AttributeValues {
  static final int MOST_VALUES = 250_000;
  private static final int DEEPEST = 100;

  private final MessageReader in;
  private int count;
  private int depth;

  AttributeValues(MessageReader in) {
    this.in = in;
  }

  /** Counts one value of a span, of a record, or of what stands above them. */
  void count() throws IOException {
    if (++count > MOST_VALUES) {
      throw new InvalidProtocolBufferException("more than " + MOST_VALUES + " values in one item");
    }
  }

  /** Adds the key and value under the cursor; of two with the same key the later counts. */
  void addPair(Map<String, Object> pairs) throws IOException {
    if (!in.isDelimited()) {
      in.skip();
      return;
    }
    int limit = in.enter();
    String key = "";
    Object value = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.text();
        case 2 -> value = nested();
        default -> in.skip();
      }
    }
    in.leave(limit);
    count();
    pairs.put(key, value);
  }

  /** The value in the message under the cursor. */
  @Nullable Object nested() throws IOException {
    if (!in.isDelimited()) {
      in.skip();
      return null;
    }
    if (++depth > DEEPEST) {
      throw new InvalidProtocolBufferException("values nest deeper than " + DEEPEST + " levels");
    }
    int limit = in.enter();
    Object value = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> value = in.text();
        case 2 -> value = in.readBoolean();
        case 3 -> value = in.number();
        case 4 -> value = in.readDouble();
        case 5 -> value = list();
        case 6 -> value = map();
        case 7 -> value = in.isDelimited() ? base64() : skipped();
        default -> in.skip();
      }
    }
    in.leave(limit);
    depth--;
    return value;
  }

  private String base64() throws IOException {
    return Base64.getEncoder().encodeToString(in.bytes());
  }

  private @Nullable Object skipped() throws IOException {
    in.skip();
    return null;
  }

  private @Nullable Object list() throws IOException {
    if (!in.isDelimited()) {
      return skipped();
    }
    int limit = in.enter();
    List<Object> list = new ArrayList<>();
    while (in.next()) {
      if (in.field() == 1) {
        count();
        list.add(nested());
      } else {
        in.skip();
      }
    }
    in.leave(limit);
    return list;
  }

  private @Nullable Object map() throws IOException {
    if (!in.isDelimited()) {
      return skipped();
    }
    int limit = in.enter();
    Map<String, Object> map = new LinkedHashMap<>();
    while (in.next()) {
      if (in.field() == 1) {
        addPair(map);
      } else {
        in.skip();
      }
    }
    in.leave(limit);
    return map;
  }
}
