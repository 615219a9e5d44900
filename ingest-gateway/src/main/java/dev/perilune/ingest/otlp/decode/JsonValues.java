package dev.perilune.ingest.otlp.decode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of OTLP/JSON. Follows the specification's own rules where they differ from protobuf's
 * JSON, and takes what lenient senders write: field names with underscores, names of enum values,
 * ids in base64.
 */
final class JsonValues {
  private static final List<String> KINDS =
      List.of("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
  private static final List<String> CODES = List.of("UNSET", "OK", "ERROR");

  private final Map<?, ?> fields;

  JsonValues(Map<?, ?> fields) {
    this.fields = fields;
  }

  SpanData span(Source source) throws Undecodable {
    List<SpanEvent> events = new ArrayList<>();
    for (Map<?, ?> event : objects("events")) {
      JsonValues values = new JsonValues(event);
      events.add(
          new SpanEvent(values.unsigned("timeUnixNano"), values.text("name"), values.attributes()));
    }
    JsonValues status = new JsonValues(get("status") instanceof Map<?, ?> map ? map : Map.of());
    return new SpanData(
        source,
        id("traceId", 16),
        id("spanId", 8),
        id("parentSpanId", 8),
        text("name"),
        choice("kind", KINDS),
        unsigned("startTimeUnixNano"),
        unsigned("endTimeUnixNano"),
        attributes(),
        unsigned("droppedAttributesCount"),
        events,
        status.choice("code", CODES),
        status.text("message"));
  }

  LogData log(Source source) throws Undecodable {
    long happened = unsigned("timeUnixNano");
    return new LogData(
        source,
        id("traceId", 16),
        id("spanId", 8),
        happened != 0 ? happened : unsigned("observedTimeUnixNano"),
        text("eventName"),
        any(get("body")),
        attributes());
  }

  Map<String, Object> attributes() throws Undecodable {
    return pairs(objects("attributes"));
  }

  String text(String field) throws Undecodable {
    Object value = get(field);
    if (value == null || value instanceof String) {
      return value == null ? "" : (String) value;
    }
    throw wrong(field, "a text");
  }

  private static Map<String, Object> pairs(List<Map<?, ?>> pairs) throws Undecodable {
    Map<String, Object> map = new LinkedHashMap<>(pairs.size() * 2);
    for (Map<?, ?> pair : pairs) {
      JsonValues values = new JsonValues(pair);
      map.put(values.text("key"), any(values.get("value")));
    }
    return map;
  }

  /** A value in its wrapper that names its type; one without any is null. */
  private static @Nullable Object any(@Nullable Object wrapper) throws Undecodable {
    if (!(wrapper instanceof Map<?, ?> map)) {
      return null;
    }
    JsonValues values = new JsonValues(map);
    for (Object name : map.keySet()) {
      String field = camelCase((String) name);
      Object value = values.get(field);
      if (value == null) {
        continue;
      }
      switch (field) {
        case "stringValue", "bytesValue" -> {
          return values.text(field);
        }
        case "boolValue" -> {
          return value instanceof Boolean ? value : Boolean.valueOf(value.toString());
        }
        case "intValue" -> {
          return values.signed(field);
        }
        case "doubleValue" -> {
          return values.floating(field);
        }
        case "arrayValue", "kvlistValue" -> {
          return nested(field, value);
        }
        default -> {
          // a kind of value that a later protocol may add
        }
      }
    }
    return null;
  }

  private static Object nested(String field, Object value) throws Undecodable {
    JsonValues holder = new JsonValues(value instanceof Map<?, ?> map ? map : Map.of());
    if (field.equals("kvlistValue")) {
      return pairs(holder.objects("values"));
    }
    List<Object> list = new ArrayList<>();
    if (holder.get("values") instanceof List<?> values) {
      for (Object element : values) {
        list.add(any(element));
      }
    }
    return list;
  }

  private List<Map<?, ?>> objects(String field) throws Undecodable {
    Object value = get(field);
    if (value == null) {
      return List.of();
    }
    List<Map<?, ?>> objects = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (!(element instanceof Map<?, ?> map)) {
          throw wrong(field, "a list of objects");
        }
        objects.add(map);
      }
      return objects;
    }
    throw wrong(field, "a list");
  }

  /** Hexadecimal of any length, since a wrong length costs its span alone; or base64. */
  private String id(String field, int bytes) throws Undecodable {
    String text = text(field).strip();
    if (text.length() == (bytes + 2) / 3 * 4) {
      try {
        byte[] decoded = Base64.getDecoder().decode(text);
        return decoded.length == bytes ? HexFormat.of().formatHex(decoded) : text;
      } catch (IllegalArgumentException noBase64) {
        return text;
      }
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private int choice(String field, List<String> names) throws Undecodable {
    Object value = get(field);
    if (value instanceof String text && !text.isEmpty() && !Character.isDigit(text.charAt(0))) {
      String name = text.substring(text.lastIndexOf('_') + 1).toUpperCase(Locale.ROOT);
      return Math.max(0, names.indexOf(name));
    }
    return (int) unsigned(field);
  }

  private long unsigned(String field) throws Undecodable {
    Object value = get(field);
    try {
      if (value == null || "".equals(value)) {
        return 0;
      }
      if (value instanceof Long number && number >= 0) {
        return number;
      }
      return Long.parseUnsignedLong(whole(value));
    } catch (NumberFormatException | ArithmeticException unreadable) {
      throw wrong(field, "a whole number from 0 or a text of its digits");
    }
  }

  private long signed(String field) throws Undecodable {
    Object value = get(field);
    try {
      return value instanceof Long number ? number : Long.parseLong(whole(value));
    } catch (NumberFormatException | ArithmeticException unreadable) {
      throw wrong(field, "a whole number or a text of its digits");
    }
  }

  /** Some senders write whole numbers as {@code 1.7e18}. */
  private static String whole(@Nullable Object value) {
    return value instanceof BigDecimal number && number.scale() > -20
        ? number.toBigIntegerExact().toString()
        : String.valueOf(value);
  }

  private Object floating(String field) throws Undecodable {
    Object value = get(field);
    try {
      return value instanceof Number number
          ? number.doubleValue()
          : Double.parseDouble(String.valueOf(value));
    } catch (NumberFormatException unreadable) {
      throw wrong(field, "a number");
    }
  }

  private @Nullable Object get(String field) {
    Object value = fields.get(field);
    return value != null ? value : fields.get(snakeCase(field));
  }

  private static String snakeCase(String field) {
    StringBuilder name = new StringBuilder(field.length() + 4);
    for (char c : field.toCharArray()) {
      if (Character.isUpperCase(c)) {
        name.append('_');
      }
      name.append(Character.toLowerCase(c));
    }
    return name.toString();
  }

  private static String camelCase(String field) {
    int at = field.indexOf('_');
    return at < 0 || at + 1 >= field.length()
        ? field
        : field.substring(0, at)
            + Character.toUpperCase(field.charAt(at + 1))
            + field.substring(at + 2);
  }

  private static Undecodable wrong(String field, String right) {
    return new Undecodable(field + " must be " + right);
  }
}
