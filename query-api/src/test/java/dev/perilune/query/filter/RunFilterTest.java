package dev.perilune.query.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.http.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models=gpt-4o,x|true",
        "models=x|false",
        "tools=GPT|true",
        "retrievers=x|false",
        "custom-events=gpt-4o|false",
        "tags=a,z|true",
        "tags=z|false",
        "status=success|true",
        "users=7,12|true",
        "users=7|false",
        "date=gt.2025-05-01T11:59:59Z|true",
        "date=lt.2025-05-01T12:00:00Z|false",
        "date=lt.junk|true",
        "duration=eq.2.5|true",
        "duration=lt.2.5|false",
        "cost=gte.0.50|true",
        "cost=neq.0.5|false",
        "tokens=total.eq.150|true",
        "tokens=prompt.gt.100|false",
        "tokens=completion.lte.50|true",
        "json=output.valid|true",
      })
  void whatAMessageTellsCanBeAskedFor(String query, boolean matches) {
    RunFacts run =
        new RunFacts(
            "llm",
            null,
            null,
            "gpt-4o",
            "success",
            Instant.parse("2025-05-01T12:00:00Z"),
            Instant.parse("2025-05-01T12:00:02.5Z"),
            12L,
            100L,
            50L,
            new BigDecimal("0.5"),
            List.of("a", "b"));
    assertEquals(matches, filter(query).test(run));
    RunFacts bare = RunFacts.ofType("llm", null, null);
    assertEquals(
        Set.of("date=lt.junk", "json=output.valid").contains(query), filter(query).test(bare));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata=a.b",
        "user-props=a.b",
        "feedback={\"thumb\":\"up\"}",
        "templates=1",
        "messages=gt.1",
        "search=x",
        "string=any.contains.false.x",
        "length=input.gt.1",
        "pii=true",
        "users=somebody",
      })
  void otherFiltersAreRefusedByName(String query) {
    Problem.Invalid refused = assertThrows(Problem.Invalid.class, () -> filter(query));
    String name = query.substring(0, query.indexOf('='));
    assertTrue(refused.getMessage().endsWith("at \"" + name + "\""), refused.getMessage());
  }

  private static RunFilter filter(String query) {
    return RunFilter.of(FilterQuery.parse(query));
  }
}
