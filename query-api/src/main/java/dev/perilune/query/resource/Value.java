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
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One value of a body, in Postgres' text form. */
final class Value {
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);
  private static final int MOST_DECIMALS = 15;

  private Value() {}

  /** A value that a column cannot hold; the message says what would be right. */
  static final class Wrong extends Exception {
    Wrong(String text) {
      super(text, null, false, false);
    }
  }

  static @Nullable String read(Column column, JsonNode node) throws Wrong {
    if (node.isNull()) {
      if (column.is(Trait.NOT_NULL) && column.kind() != Column.Kind.JSON) {
        throw expected(column, node);
      }
      return column.is(Trait.NOT_NULL) ? "null" : null;
    }
    return switch (column.kind()) {
      case TEXT -> column.choices().isEmpty() ? text(column, node) : choice(column, node);
      case NUMBER -> number(column, node);
      case TIME -> time(column, node);
      case JSON -> json(column, node);
      case LIST -> list(column, node);
      case CHECKS -> checks(column, node);
      case FLAG -> flag(column, node);
      case ID -> id(column, node);
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

  private static String text(Column column, JsonNode node) throws Wrong {
    if (!node.isTextual()) {
      throw expected(column, node);
    }
    String text = node.textValue();
    int characters = text.codePointCount(0, text.length());
    if (characters < column.least()) {
      throw new Wrong("String must contain at least %d character(s)".formatted(column.least()));
    }
    if (characters > column.most()) {
      throw new Wrong("String must contain at most %d character(s)".formatted(column.most()));
    }
    if (text.indexOf('\0') >= 0) {
      throw new Wrong("String must not contain the character U+0000");
    }
    return text;
  }

  private static @Nullable String choice(Column column, JsonNode node) throws Wrong {
    if (node.isTextual() && column.choices().contains(node.textValue())) {
      return node.textValue();
    }
    if (node.isTextual() && node.textValue().isEmpty() && !column.is(Trait.NOT_NULL)) {
      return null;
    }
    throw node.isTextual()
        ? new Wrong(
            "Invalid enum value. Expected %s, received '%s'"
                .formatted(choices(column), shortened(node.textValue())))
        : expected(column, node);
  }

  private static String number(Column column, JsonNode node) throws Wrong {
    if (!node.isNumber()) {
      throw expected(column, node);
    }
    BigDecimal number = node.decimalValue();
    if (number.signum() < 0) {
      throw new Wrong("Number must be greater than or equal to 0");
    }
    if (number.compareTo(MOST) > 0) {
      throw new Wrong("Number must be less than or equal to " + MOST.toPlainString());
    }
    if (number.signum() != 0 && number.stripTrailingZeros().scale() > MOST_DECIMALS) {
      throw new Wrong("Number must have at most %d decimals".formatted(MOST_DECIMALS));
    }
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** A date, a date-time with or without offset, or milliseconds since 1970; none if empty. */
  private static @Nullable String time(Column column, JsonNode node) throws Wrong {
    if (node.isTextual() && node.textValue().isBlank() && !column.is(Trait.NOT_NULL)) {
      return null;
    }
    try {
      Instant time =
          node.isIntegralNumber() && node.canConvertToLong()
              ? Instant.ofEpochMilli(node.longValue())
              : instant(node.isTextual() ? node.textValue().strip() : "");
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
    if (text.indexOf('T') < 0 && text.indexOf(',') > 0) {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    }
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    String upper = text.toUpperCase(Locale.ROOT);
    boolean offset = upper.endsWith("Z") || upper.matches(".*T.*[+-].*");
    return OffsetDateTime.parse(offset ? upper : upper + "Z").toInstant();
  }

  private static String json(Column column, JsonNode node) throws Wrong {
    String text = ResourceBody.text(node);
    if (text.length() > column.most()) {
      throw new Wrong("JSON must be at most %d characters long".formatted(column.most()));
    }
    return text;
  }

  private static String list(Column column, JsonNode node) throws Wrong {
    if (!node.isArray()) {
      throw expected(column, node);
    }
    return json(column, node);
  }

  /** Kept as it came; what the filter language does not know is ignored when it is used. */
  private static String checks(Column column, JsonNode node) throws Wrong {
    String text = list(column, node);
    FilterQuery.parseJson(column.field(), text);
    return text;
  }

  private static String flag(Column column, JsonNode node) throws Wrong {
    if (!node.isBoolean()) {
      throw expected(column, node);
    }
    return node.asText();
  }

  private static String id(Column column, JsonNode node) throws Wrong {
    if (!node.isTextual()) {
      throw expected(column, node);
    }
    UUID id = RunIds.parseUuid(node.textValue());
    if (id == null) {
      throw new Wrong("Invalid uuid");
    }
    return id.toString();
  }

  private static Wrong expected(Column column, JsonNode node) {
    String type =
        switch (column.kind()) {
          case TEXT -> column.choices().isEmpty() ? "string" : choices(column);
          case ID -> "string";
          case NUMBER -> "number";
          case TIME -> "date";
          case LIST, CHECKS -> "array";
          case FLAG -> "boolean";
          case JSON -> "JSON";
        };
    return new Wrong("Expected %s, received %s".formatted(type, typeOf(node)));
  }

  private static String choices(Column column) {
    return column.choices().stream().collect(Collectors.joining("' | '", "'", "'"));
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
