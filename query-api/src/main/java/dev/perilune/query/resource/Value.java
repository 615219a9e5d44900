package dev.perilune.query.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.RunIds;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.resource.Column.Trait;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One value of a body, in Postgres' text form. */
final class Value {
  private static final int LONGEST_TEXT = 5_000;
  private static final int LONGEST_JSON = 100_000;
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);
  private static final int MOST_DECIMALS = 15;

  private Value() {}

  /** A value that a column cannot hold; the message says what would be right. */
  static final class Wrong extends Exception {
    Wrong(String text, Object... values) {
      super(text.formatted(values), null, false, false);
    }
  }

  static @Nullable String read(Column column, JsonNode node) throws Wrong {
    boolean json = column.kind() == Column.Kind.JSON;
    boolean blank = node.isTextual() && node.textValue().isBlank() && isNoPlainText(column);
    if ((node.isNull() || blank) && !column.is(Trait.NOT_NULL)) {
      return null;
    }
    if (!isOfKind(column, node) && !json) {
      throw new Wrong("Expected %s, received %s", expected(column), typeOf(node));
    }
    return switch (column.kind()) {
      case TEXT -> text(column, node.textValue());
      case NUMBER -> number(node.decimalValue());
      case TIME -> time(node);
      case JSON, LIST -> json(node);
      case CHECKS -> checks(column, node);
      case FLAG -> node.asText();
      case ID -> id(node.textValue());
    };
  }

  static String typeOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case NULL, MISSING -> "null";
      case OBJECT, POJO, BINARY -> "object";
    };
  }

  /** Clients clear dates and choices by an empty text. */
  private static boolean isNoPlainText(Column column) {
    return column.kind() == Column.Kind.TIME || !column.choices().isEmpty();
  }

  private static boolean isOfKind(Column column, JsonNode node) {
    return switch (column.kind()) {
      case TEXT, ID -> node.isTextual();
      case NUMBER -> node.isNumber();
      case TIME -> node.isTextual() || node.isNumber();
      case LIST, CHECKS -> node.isArray();
      case FLAG -> node.isBoolean();
      case JSON -> true;
    };
  }

  private static String expected(Column column) {
    return switch (column.kind()) {
      case TEXT -> column.choices().isEmpty() ? "string" : choices(column);
      case ID -> "string";
      case NUMBER -> "number";
      case TIME -> "date";
      case LIST, CHECKS -> "array";
      case FLAG -> "boolean";
      case JSON -> "JSON";
    };
  }

  private static String choices(Column column) {
    return "'" + String.join("' | '", column.choices()) + "'";
  }

  private static String text(Column column, String text) throws Wrong {
    if (!column.choices().isEmpty() && !column.choices().contains(text)) {
      String received = text.length() <= 60 ? text : text.substring(0, 60) + "…";
      throw new Wrong("Invalid enum value. Expected %s, received '%s'", choices(column), received);
    }
    if (text.isEmpty() && column.is(Trait.NOT_EMPTY)) {
      throw new Wrong("String must contain at least 1 character(s)");
    }
    if (text.length() > LONGEST_TEXT) {
      throw new Wrong("String must contain at most %d character(s)", LONGEST_TEXT);
    }
    if (text.indexOf('\0') >= 0) {
      throw new Wrong("String must not contain the character U+0000");
    }
    return text;
  }

  private static String number(BigDecimal number) throws Wrong {
    if (number.signum() < 0) {
      throw new Wrong("Number must be greater than or equal to 0");
    }
    if (number.compareTo(MOST) > 0) {
      throw new Wrong("Number must be less than or equal to %s", MOST.toPlainString());
    }
    if (number.signum() != 0 && number.stripTrailingZeros().scale() > MOST_DECIMALS) {
      throw new Wrong("Number must have at most %d decimals", MOST_DECIMALS);
    }
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** A date, a date-time with or without offset, or milliseconds since 1970. */
  private static String time(JsonNode node) throws Wrong {
    try {
      Instant time =
          node.canConvertToLong() && node.isIntegralNumber()
              ? Instant.ofEpochMilli(node.longValue())
              : instant(node.asText().strip().toUpperCase(Locale.ROOT));
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      if (year > 0 && year < 10_000) {
        return time.toString();
      }
    } catch (DateTimeException notADate) {
      // the same text serves a word and a year out of range
    }
    throw new Wrong("Invalid date");
  }

  private static Instant instant(String text) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 9;
    return OffsetDateTime.parse(offset ? text : text + "Z").toInstant();
  }

  private static String json(JsonNode node) throws Wrong {
    String text = ResourceBody.text(node);
    if (text.length() > LONGEST_JSON) {
      throw new Wrong("JSON must be at most %d characters long", LONGEST_JSON);
    }
    return text;
  }

  /** Kept as it came; filters that nobody knows are ignored when it is used. */
  private static String checks(Column column, JsonNode node) throws Wrong {
    String text = json(node);
    FilterQuery.parseJson(column.field(), text);
    return text;
  }

  private static String id(String text) throws Wrong {
    UUID id = RunIds.parseUuid(text);
    if (id == null) {
      throw new Wrong("Invalid uuid");
    }
    return id.toString();
  }
}
