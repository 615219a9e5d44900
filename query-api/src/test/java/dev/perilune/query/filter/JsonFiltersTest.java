package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perilune.runtime.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFiltersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[\"AND\",{\"id\":\"type\",\"params\":{\"type\":\"llm\"}}]|type=llm",
        "[\"OR\",{\"id\":\"status\",\"params\":{\"status\":\"error\"}},"
            + "{\"id\":\"cost\",\"params\":{\"operator\":\"gt\",\"cost\":0.1}}]"
            + "|OR&status=error&cost=gt.0%2E1",
        "[\"AND\",{\"id\":\"models\",\"params\":{\"models\":[\"gpt-4o\",\"gpt-3.5-turbo\"]}}]"
            + "|models=gpt-4o,gpt-3%252E5-turbo",
        "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":\"beta\"}}]|tags=beta",
        "[\"AND\",{\"id\":\"tokens\",\"params\":{\"tokens\":\"100\",\"operator\":\"gte\","
            + "\"field\":\"total\"}}]|tokens=total.gte.100",
        "[\"AND\",{\"id\":\"users\",\"params\":{\"users\":[12,\"34\"]}}]|users=12,34",
        "[\"AND\",{\"id\":\"feedback\",\"params\":{\"types\":[{\"thumb\":\"up\"},"
            + "\"{\\\"thumb\\\":null}\"]}}]"
            + "|feedback=%7B%22thumb%22:%22up%22%7D,%7B%22thumb%22:null%7D",
        "[\"AND\",{\"id\":\"pii\",\"params\":{\"containsPii\":true}}]|pii=true",
        "[\"AND\",{\"id\":\"nobody-knows\",\"params\":{\"x\":1}},"
            + "{\"id\":\"cost\",\"params\":{\"operator\":\"gt\",\"cost\":null}},"
            + "{\"id\":\"tags\",\"params\":{\"tags\":[]}},{\"id\":\"search\"}]|limit=5",
        "[\"AND\"]|limit=5",
        "[]|limit=5",
        "null|limit=5",
      })
  void bothFormsMeanTheSame(String json, String query) {
    assertEquals(FilterQuery.parse(query), FilterQuery.parseJson("data", json));
  }

  @Test
  void groupsMayNestAndEmptyOnesAreTrue() {
    FilterQuery nested =
        FilterQuery.parseJson(
            "data",
            """
            ["AND", {"id":"type","params":{"type":"llm"}},
             ["OR", {"id":"status","params":{"status":"error"}},
                    ["AND", {"id":"tags","params":{"tags":["beta"]}}, []]]]""");
    FilterSql sql = FilterSql.of(nested, 2);
    assertEquals(
        "((r.type = $2) AND ((r.status = $3) OR ((r.tags && $4::text[]) AND (TRUE))))", sql.sql());
  }

  @Test
  void searchesAreRequiredWhereNoAnyStandsAbove() {
    assertEquals(
        List.of(new SearchText("a"), new SearchText("b")),
        FilterQuery.parseJson(
                "data",
                """
                ["AND", {"id":"search","params":{"query":"a"}},
                 ["AND", {"id":"search","params":{"query":"b"}}],
                 ["OR", {"id":"search","params":{"query":"c"}},
                        {"id":"type","params":{"type":"llm"}}]]""")
            .requiredSearches());
    assertEquals(List.of(), FilterQuery.parse("OR&search=a&search=b").requiredSearches());
    assertEquals(List.of("a\"b", "a\\\"b"), new SearchText("a\"b").spellings());
  }

  @Test
  void partsOfAQueryCanBeTakenAway() {
    FilterQuery query = FilterQuery.parse("type=llm&search=x&user-props=plan.pro");
    assertEquals(
        FilterQuery.parse("type=llm"), query.without(FilterId.SEARCH, FilterId.USER_PROPS));
    assertEquals(FilterQuery.parse("search=x"), query.only(FilterId.SEARCH));
    assertEquals(query, query.and(FilterQuery.NONE));
    assertEquals(query, FilterQuery.NONE.and(query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{|data",
        "5|data",
        "{\"id\":\"type\"}|data",
        "[\"NOT\"]|data[0]",
        "[{\"id\":\"type\"}]|data[0]",
        "[\"AND\",5]|data[1]",
        "[\"AND\",{\"params\":{}}]|data[1]",
        "[\"AND\",[\"OR\",{\"id\":\"cost\",\"params\":{\"operator\":\"gt\",\"cost\":\"x\"}}]]"
            + "|data[1][1]",
        "[\"AND\",{\"id\":\"templates\",\"params\":{\"templates\":[1,\"a\"]}}]|data[1]",
        "[\"AND\",{\"id\":\"feedback\",\"params\":{\"types\":[5]}}]|data[1]",
      })
  void whatIsWrongIsToldByItsPath(String json, String path) {
    var refused = assertThrows(Problem.Invalid.class, () -> FilterQuery.parseJson("data", json));
    assertEquals(
        "at \"" + path + "\"",
        refused.getMessage().substring(refused.getMessage().lastIndexOf("at \"")));
  }

  @Test
  void depthAndNumberHaveBounds() {
    String deep = "[\"AND\",".repeat(25) + "[]" + "]".repeat(25);
    assertThrows(Problem.Invalid.class, () -> FilterQuery.parseJson("data", deep));
    String many = "[\"AND\"" + ",[]".repeat(501) + "]";
    assertThrows(Problem.Invalid.class, () -> FilterQuery.parseJson("data", many));
  }
}
