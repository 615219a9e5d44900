package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perilune.runtime.http.Problem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilterSqlTest {

  private static final Set<FilterId> BUILT = Set.of(FilterId.TYPE);
  private static final Set<FilterId> WITHOUT_MEANING = Set.of(FilterId.REGEX, FilterId.JSON);

  @Test
  void valuesAreArgumentsAndNeverText() {
    FilterSql sql = FilterSql.of(FilterQuery.parse("OR&type=a' OR 1=1--&type=llm"), 3);
    assertEquals("((r.type = $3) OR (r.type = $4))", sql.sql());
    assertEquals(List.of("a' OR 1", "llm"), sql.arguments());
  }

  @Test
  void noFilterIsTrue() {
    assertEquals("(TRUE)", FilterSql.of(FilterQuery.parse(null), 2).sql());
    assertEquals("((TRUE))", FilterSql.of(FilterQuery.parse("json=a.b"), 2).sql());
  }

  @ParameterizedTest
  @EnumSource(FilterId.class)
  void everyFilterIsBuiltOrRefusedByName(FilterId id) {
    FilterQuery query = FilterQuery.parse(id.wireName() + "=a.b.c.d");
    if (BUILT.contains(id) || WITHOUT_MEANING.contains(id) || id.parameters().isEmpty()) {
      FilterSql.of(query, 1);
      return;
    }
    var refused = assertThrows(Problem.Invalid.class, () -> FilterSql.of(query, 1));
    String name = id.wireName();
    assertEquals(
        "Validation error: Filter \"" + name + "\" is not supported yet at \"" + name + "\"",
        refused.getMessage());
  }
}
