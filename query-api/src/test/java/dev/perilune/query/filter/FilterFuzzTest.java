package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever anybody writes is a condition of our own words, or refused by name. */
class FilterFuzzTest {

  private static final int TRIES = 20_000;

  // a mark that none of our statements has, so that any of it in one came from outside
  private static final String MARK = "zqx";

  private static final List<String> PIECES =
      List.of(
          MARK,
          "'",
          "\"",
          "$1",
          "--",
          ";",
          ")",
          "(",
          "%27",
          "%2527",
          "%5C",
          "\\",
          "%00",
          "%2500",
          "%",
          "%zz",
          "%ff",
          "%C3",
          "é",
          "%F0%9F%98%80",
          "",
          " ",
          "+",
          ",",
          ".",
          "=",
          "&",
          "OR&",
          "AND",
          "gt",
          "lte",
          "eq",
          "1",
          "-1.5",
          "1e9",
          "9999999999999999999",
          "NaN",
          "1e-301",
          "input",
          "output",
          "any",
          "contains",
          "ends",
          "true",
          "null",
          "total",
          "positive",
          "%257B%2522thumb%2522%253A%2522up%2522%257D",
          "{\"comment\":1}",
          "[",
          "]",
          "{",
          "}",
          ":",
          "2025-05-01T00:00:00Z",
          "%2B999999999-01-01",
          "toxicity",
          "E'",
          "/*",
          "\u0000",
          "\uD800");

  private final Random random = new Random(42);

  @Test
  void noQueryStringReachesAStatementAsText() {
    for (int i = 0; i < TRIES; i++) {
      String query = query();
      assertTold(query, () -> FilterQuery.parse(query));
    }
  }

  @Test
  void noJsonReachesAStatementAsText() {
    for (int i = 0; i < TRIES; i++) {
      String json = random.nextInt(4) == 0 ? rubbish() : logic(0);
      assertTold(json, () -> FilterQuery.parseJson("data", json));
    }
  }

  private static void assertTold(String input, java.util.function.Supplier<FilterQuery> reading) {
    FilterQuery query;
    try {
      query = reading.get();
    } catch (Problem.Invalid refused) {
      assertTrue(refused.getMessage().startsWith("Validation error: "), refused.getMessage());
      return;
    }
    FilterSql sql = FilterSql.of(query, 2);
    assertTrue(!sql.sql().contains(MARK) && !sql.sql().contains("\u0000"), input);
    assertEquals(numbers(sql.arguments().size()), asked(sql.sql()), input);
    assertTrue(
        sql.arguments().stream().noneMatch(value -> value.toString().indexOf(0) >= 0), input);
    FilterSql.ofUsers(query, 2);
    query.requiredSearches();
  }

  private static TreeSet<Integer> numbers(int arguments) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < arguments; i++) {
      numbers.add(2 + i);
    }
    return numbers;
  }

  private static TreeSet<Integer> asked(String sql) {
    return Pattern.compile("\\$(\\d+)")
        .matcher(sql)
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .filter(number -> number > 1)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String query() {
    List<String> pairs = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      pairs.add(anyId() + "=" + values());
    }
    return (random.nextBoolean() ? "OR&" : "") + String.join("&", pairs);
  }

  private String values() {
    StringBuilder values = new StringBuilder(rubbish());
    for (int i = random.nextInt(4); i > 0; i--) {
      values.append('.').append(rubbish());
    }
    return values.toString();
  }

  private String logic(int depth) {
    StringBuilder logic = new StringBuilder(random.nextBoolean() ? "[\"AND\"" : "[\"OR\"");
    for (int i = random.nextInt(4); i > 0; i--) {
      logic.append(',').append(depth < 30 && random.nextInt(3) == 0 ? logic(depth + 1) : leaf());
    }
    return logic.append(']').toString();
  }

  private String leaf() {
    FilterId id = FilterId.values()[random.nextInt(FilterId.values().length)];
    String params =
        id.parameters().stream()
            .map(parameter -> "\"" + parameter.name() + "\":" + jsonValue(parameter))
            .collect(Collectors.joining(","));
    return "{\"id\":\"" + id.wireName() + "\",\"params\":{" + params + "}}";
  }

  private String jsonValue(FilterParameter parameter) {
    List<String> allowed = parameter.allowed();
    String word =
        !allowed.isEmpty() && random.nextInt(5) > 0
            ? allowed.get(random.nextInt(allowed.size()))
            : rubbish().replace("\\", "\\\\").replace("\"", "\\\"").replace("\u0000", "\\u0000");
    return switch (random.nextInt(6)) {
      case 0 -> "[\"" + word + "\",5,null,{\"thumb\":\"up\"}]";
      case 1 -> String.valueOf(random.nextInt());
      case 2 -> "{\"a\":[\"" + word + "\"]}";
      default -> "\"" + word + "\"";
    };
  }

  private String anyId() {
    return random.nextInt(8) == 0
        ? rubbish()
        : FilterId.values()[random.nextInt(FilterId.values().length)].wireName();
  }

  private String rubbish() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
