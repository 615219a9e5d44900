package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The values of one filter as decoded texts. What is there has been checked to be of its
 * parameter's kind, a date apart: one that is none asks nothing.
 *
 * @param path where the filter is, for failures: its name in a query, its place in a JSON text
 * @param values one list for each parameter, in order; later ones may be missing, any may be empty
 */
record FilterValues(FilterId id, String path, List<List<String>> values) {

  private static final int LONGEST_NUMBER = 100;
  private static final int LARGEST_EXPONENT = 300;
  private static final int LAST_YEAR = 100_000;

  FilterValues {
    values = values.stream().map(List::copyOf).toList();
    for (int i = 0; i < values.size(); i++) {
      for (String value : values.get(i)) {
        check(path, id.parameters().get(i), value);
      }
    }
  }

  boolean has(int parameter) {
    return parameter < values.size() && !values.get(parameter).isEmpty();
  }

  boolean isComplete() {
    for (int i = 0; i < id.parameters().size(); i++) {
      if (!has(i)) {
        return false;
      }
    }
    return !values.isEmpty();
  }

  /** The only text of a parameter that takes one. */
  String text(int parameter) {
    return values.get(parameter).get(0);
  }

  List<String> texts(int parameter) {
    return values.get(parameter);
  }

  boolean flag(int parameter) {
    return text(parameter).equals("true");
  }

  BigDecimal number(int parameter) {
    return parsed(text(parameter)).orElseThrow();
  }

  NumberCondition.Operator operator(int parameter) {
    return NumberCondition.Operator.named(text(parameter));
  }

  /** A time between the years -4000 and 100,000, if the text is one. */
  Optional<Instant> time(int parameter) {
    try {
      OffsetDateTime time = time(text(parameter));
      return Math.abs(time.getYear()) <= LAST_YEAR && time.getYear() > -4000
          ? Optional.of(time.toInstant())
          : Optional.empty();
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  private static OffsetDateTime time(String text) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
    }
    int clock = text.indexOf('T');
    boolean hasOffset =
        text.endsWith("Z") || text.indexOf('+', clock) > 0 || text.indexOf('-', clock) > 0;
    return OffsetDateTime.parse(hasOffset ? text : text + "Z");
  }

  /** The decimal number that a text spells; nothing if it is none, or one of absurd size. */
  static Optional<BigDecimal> parsed(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) <= LARGEST_EXPONENT
          ? Optional.of(number)
          : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static void check(String path, FilterParameter parameter, String value) {
    boolean good =
        switch (parameter.kind()) {
          case SINGLE, MULTI ->
              parameter.allowed().isEmpty() || parameter.allowed().contains(value);
          case MULTI_WHOLE -> isWhole(value);
          case NUMBER -> parsed(value).isPresent();
          case DATE -> true;
        };
    if (!good) {
      throw invalid(path, expected(parameter) + " as " + parameter.name(), value);
    }
  }

  private static String expected(FilterParameter parameter) {
    return switch (parameter.kind()) {
      case SINGLE, MULTI -> "Expected one of " + String.join(", ", parameter.allowed());
      case MULTI_WHOLE -> "Expected whole numbers";
      case NUMBER -> "Expected a number";
      case DATE -> "Expected a date";
    };
  }

  private static boolean isWhole(String value) {
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException notWhole) {
      return false;
    }
  }

  static Problem.Invalid invalid(String path, String expected, String value) {
    String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
    return new Problem.Invalid(path, expected + ", was " + shown);
  }
}
