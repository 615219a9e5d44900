package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterQueryTest {

  @Test
  void valuesAreReadAsClientsWriteThem() {
    assertEquals(List.of(List.of("llm")), values("type=llm"));
    assertEquals(
        List.of(List.of("gpt-4o", "gpt-3.5-turbo")), values("models=gpt-4o,gpt-3%252E5-turbo"));
    assertEquals(
        List.of(List.of("a b", "x,y", "v1.2", "50%")),
        values("tags=a%2520b,x%252Cy,v1%252E2,50%2525"));
    assertEquals(
        List.of(List.of("tenant"), List.of("acme.io")), values("metadata=tenant.acme%2Eio"));
    assertEquals(
        List.of(List.of("gt"), List.of("2024-03-01T00:30:00.000Z")),
        values("date=gt.2024-03-01T00%3A30%3A00%2E000Z"));
    assertEquals(
        List.of(List.of("{\"thumb\":\"up\"}", "{\"thumb\":null}")),
        values(
            "feedback=%257B%2522thumb%2522%253A%2522up%2522%257D,"
                + "%257B%2522thumb%2522%253Anull%257D"));
    assertEquals(
        List.of(List.of("total"), List.of("gte"), List.of("100")), values("tokens=total.gte.100"));
    assertEquals(
        List.of(List.of("output"), List.of("contains"), List.of("false"), List.of("Hello, world.")),
        values("string=output.contains.false.Hello%2C%20world%2E"));
    assertEquals(List.of(List.of("input"), List.of("en", "fr")), values("languages=input.en,fr"));
    assertEquals(List.of(List.of("plan"), List.of("pro")), values("user-props=plan.pro"));
    assertEquals(List.of(List.of("hello world")), values("search=hello%20world"));
  }

  @Test
  void valuesAreAlsoReadAsPeopleTypeThem() {
    assertEquals(List.of(List.of("gpt-3.5-turbo")), values("models=gpt-3%2E5-turbo"));
    assertEquals(List.of(List.of("gpt-3.5-turbo")), values("models=gpt-3.5-turbo"));
    assertEquals(
        List.of(List.of("gt"), List.of("2024-03-01T00:30:00.000Z")),
        values("date=gt.2024-03-01T00:30:00.000Z"));
    assertEquals(List.of(List.of("gt"), List.of("1.5")), values("duration=gt.1.5"));
    assertEquals(List.of(List.of("50%")), values("tags=50%25"));
    assertEquals(List.of(List.of("a+b")), values("search=a+b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=5",
        "page=%zz",
        "undefinedundefined",
        "type",
        "type=",
        "cost=gt.",
        "cost=.1",
        "tone=x",
        "Type=llm",
        "",
        "&&",
        "="
      })
  void whatIsNoUsableFilterIsLeftOut(String query) {
    assertTrue(FilterQuery.parse(query).filters().isEmpty());
  }

  @Test
  void onlyTheVeryFirstWordMakesItAny() {
    assertTrue(FilterQuery.parse("OR&type=llm").any());
    assertFalse(FilterQuery.parse("type=llm&OR&status=error").any());
    assertFalse(FilterQuery.parse("OR").any());
    assertFalse(FilterQuery.parse(null).any());
  }

  @Test
  void aFilterMayOccurTwice() {
    assertEquals(
        List.of(Filter.of(FilterId.TAGS, "a"), Filter.of(FilterId.TAGS, "b")),
        FilterQuery.parse("tags=a&tags=b").filters());
  }

  @Test
  void textAfterASecondEqualsSignIsLeftOut() {
    assertEquals(FilterQuery.parse("type=llm"), FilterQuery.parse("type=llm=x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"type=%", "type=%2", "type=%gg", "models=a,%ff", "search=%C3", "search=%00"})
  void brokenEncodingIsRefusedByName(String query) {
    var refused = assertThrows(Problem.Invalid.class, () -> FilterQuery.parse(query));
    String name = query.substring(0, query.indexOf('='));
    assertTrue(refused.getMessage().endsWith(" at \"" + name + "\""), refused.getMessage());
  }

  @Test
  void theFallbackAppliesOnlyWithoutAFilter() {
    Filter llm = Filter.of(FilterId.TYPE, "llm");
    assertEquals(List.of(llm), FilterQuery.parse("OR&limit=5").orElse(llm).filters());
    assertEquals(
        List.of(Filter.of(FilterId.SEARCH, "x")),
        FilterQuery.parse("search=x").orElse(llm).filters());
  }

  private static List<List<String>> values(String query) {
    String[] pair = query.split("=");
    return QueryFilters.values(FilterId.named(pair[0]).orElseThrow(), pair[1]).values();
  }
}
