package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FilterSqlTest {

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
}
