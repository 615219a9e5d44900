package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.http.Problem;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFilterTest {
  private static final UUID PARENT = new UUID(1, 2);

  @ParameterizedTest
  @CsvSource({"agent,,true", "chain,,true", "agent,chat,true", "agent,agent,false", "llm,,false"})
  void tracesAreAgentsAndChainsAtTheTopOrBelowAMessage(
      String type, String parentType, boolean isTrace) {
    RunFacts run = RunFacts.ofType(type, parentType == null ? null : PARENT, parentType);
    assertEquals(isTrace, filter("type=trace").test(run));
  }

  @Test
  void allMustMatchUnlessTheQuerySaysAny() {
    RunFacts tool = RunFacts.ofType("tool", null, null);
    assertFalse(filter("type=tool&type=llm").test(tool));
    assertTrue(filter("OR&type=tool&type=llm").test(tool));
  }

  @Test
  void nothingAskedMatchesEverything() {
    assertTrue(filter(null).test(RunFacts.ofType("llm", null, null)));
  }

  @Test
  void otherFiltersAreRefusedByName() {
    Problem.Invalid refused = assertThrows(Problem.Invalid.class, () -> filter("metadata=a.b"));
    assertTrue(refused.getMessage().contains("metadata"), refused.getMessage());
  }

  private static RunFilter filter(String query) {
    return RunFilter.of(FilterQuery.parse(query));
  }
}
