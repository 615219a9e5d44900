package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.query.filter.FilterId;
import dev.perilune.testkit.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each filter of the contract finds in {@link FilterRuns}; runs are named by a letter. */
class FilterIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static QueryTester api;

  @BeforeAll
  static void start() {
    api = new QueryTester(POSTGRES.settings());
    FilterRuns.insert(api);
  }

  @AfterAll
  static void stop() throws Exception {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=llm|ab",
        "type=trace|de",
        "type=thread|g",
        "type=nothing|",
        "models=gpt-4o,gpt-3%252E5-turbo|ab",
        "models=gpt-3%2E5-turbo|b",
        "models=gpt-3.5-turbo|b",
        "tools=SEARCH|c",
        "tools=gpt|ab",
        "retrievers=web|c",
        "tools=%25|",
        "custom-events=open|f",
        "custom-events=gpt-4o,other|",
        "tags=a|ab",
        "tags=b,c|ac",
        "tags=a&tags=b|a",
        "tags=a%2520b|c",
        "tags=A|",
        "templates=3|a",
        "templates=4,3|a",
        "templates=99999999999|",
        "templates=5|",
        "status=error|b",
        "status=success|acd",
        "status=started|e",
        "users=12|a",
        "users=12,13|ab",
        "users=user-42|a",
        "users=13,user-42|ab",
        "users=foreign|",
        "users=99|",
        "user-props=plan.pro|a",
        "user-props=age.3|a",
        "user-props=age.3.0|a",
        "user-props=vip.true|a",
        "user-props=gone.null|a",
        "user-props=age.%7B%22type%22%3A%22number%22%2C%22value%22%3A3%7D|a",
        "user-props=plan.Pro|",
        "metadata=tenant.acme%2Eio|a",
        "metadata=tenant.acme.io|a",
        "metadata=n.1|ab",
        "metadata=n.1.0|a",
        "metadata=n.1%2E50|",
        "metadata=f.1%2E5|a",
        "metadata=f.1%2E50|a",
        "metadata=flag.true|ab",
        "metadata=nil.null|ab",
        "metadata=n.1e2|",
        "status=error&metadata=flag.true|b",
        "metadata=tenant|abcdefgh",
        "date=gt.2025-05-01T12%3A00%3A03%2E000Z|efgh",
        "date=gt.2025-05-01T12:00:03.000Z|efgh",
        "date=lt.2025-05-01T12:00:01%2B00:00|a",
        "date=lt.2025-05-01T14:00:01%2B02:00|a",
        "date=lt.2025-05-02|abcdefgh",
        "date=gt.junk|abcdefgh",
        "date=gt.%2B99999-01-01T00%3A00%3A00Z|",
        "duration=gt.2|a",
        "duration=gt.2.5|",
        "duration=gte.2%2E5|a",
        "duration=lt.2|bcd",
        "duration=eq.1|bcd",
        "duration=neq.1|a",
        "cost=gt.0%2E1|a",
        "cost=gt.0.001|ab",
        "cost=lte.0.01|b",
        "cost=gte.1e-300|ab",
        "tokens=total.gte.100|a",
        "tokens=total.gt.0|ab",
        "tokens=total.lte.0|cdefgh",
        "tokens=prompt.eq.100|a",
        "tokens=completion.gt.0|a",
        "tokens=completion.gte.0|ab",
        "tokens=prompt.lt.100|b",
        "messages=gt.2|g",
        "messages=eq.3|g",
        "messages=eq.0|abcdefh",
        "regex=output.contains.x|abcdefgh",
        "json=output.valid|abcdefgh",
        "OR&json=output.valid&status=error|abcdefgh",
        "status=error&regex=output.contains.x|b",
        "OR&status=error&cost=gt.0%2E1|ab",
        "OR&type=tool&tags=b|ac",
        "type=tool&OR&tags=a|",
      })
  void filtersFindWhatTheySay(String query, String expected) {
    assertFinds(expected, query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "feedback=%257B%2522thumb%2522%253A%2522up%2522%257D|acd",
        "feedback=%257B%2522thumb%2522%253A%2522down%2522%257D|gh",
        "feedback=%257B%2522thumb%2522%253Anull%257D|bef",
        "feedback=%7B%22thumb%22%3A%22up%22%7D|acd",
        "feedback=%257B%2522comment%2522%253A%2522%2522%257D|egh",
        "feedback=%257B%2522thumb%2522%253A%2522up%2522%257D,"
            + "%257B%2522thumb%2522%253Anull%257D|abcdef",
      })
  void feedbackIsOnesOwnOrThatOfAChild(String query, String expected) {
    assertFinds(expected, query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "search=hello%2C%20w|a",
        "search=HELLO|ab",
        "search=stra%C3%9Fe|a",
        "search=STRASSE|a",
        "search=%CF%83%CE%AF%CF%83%CF%85%CF%86%CE%BF%CF%82|a",
        "search=%D0%BF%D0%A0%D0%98%D0%92%D0%B5%D0%A2|a",
        "search=%C3%89T%C3%89|b",
        "search=%C4%B0STANBUL|a",
        "search=istanbul|a",
        "search=%C4%B1stanbul|a",
        "search=100%25|b",
        "search=10_|",
        "search=say%20%22hi%22|c",
        "search=content%22%3A%22hello|ab",
        "search=a%0Ab|c",
        "search=boom|b",
        "search=%E6%97%A5%E6%9C%AC|c",
        "search=nowhere|",
        "type=tool&search=hi|c",
        "string=input.contains.false.hello|ab",
        "string=input.contains.true.hello|b",
        "string=output.contains.false.hello|",
        "string=any.contains.false.%C3%A9t%C3%A9|b",
        "string=input.notcontains.false.hello|cdefgh",
        "string=any.notcontains.false.hello|cdefgh",
        "string=output.notcontains.false.stra|bcdefgh",
        "string=input.starts.false.HELLO|ab",
        "string=input.starts.true.HELLO|",
        "string=input.starts.false.world|",
        "string=input.starts.false.say%20%22hi|c",
        "string=output.ends.false.istanbul.|a",
        "string=output.ends.true.100%25|b",
        "string=output.ends.true.00%25|b",
        "string=output.ends.true.100|",
        "string=any.ends.false.world|a",
        "string=input.ends.false.B|c",
        "string=output.starts.false..*|",
        "length=input.gt.61|",
        "length=input.gte.42|ab",
        "length=input.eq.20|c",
        "length=output.lt.10|c",
      })
  void textsAreFoundInAnyScriptWhateverTheirCase(String query, String expected) {
    assertFinds(expected, query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "languages=input.en,fr|ab",
        "languages=input.fr|b",
        "languages=output.fr|",
        "pii=true|a",
        "pii=false|bcdefgh",
        "topics=input.Billing|b",
        "topics=input.Support,Other|b",
        "topics=output.Billing|",
        "intents=Refund|g",
        "intents=refund,Cancel|",
        "toxicity=input.toxicity|b",
        "toxicity=input.non-toxicity|a",
        "toxicity=input.toxicity,non-toxicity|ab",
        "toxicity=output.toxicity|a",
        "toxicity=output.non-toxicity|b",
        "sentiment=input.positive|a",
        "sentiment=input.negative|",
        "sentiment=output.neutral|a",
        "languages=input.en&pii=true|a",
        "OR&languages=input.fr&pii=true|ab",
        "OR&status=error&languages=input.en|ab",
        "status=error&languages=input.en|",
      })
  void resultsOfEvaluatorsAreOneTestForEachFilter(String query, String expected) {
    assertFinds(expected, query);
  }

  @ParameterizedTest
  @EnumSource(FilterId.class)
  void everyFilterIsAnsweredWhateverItsValues(FilterId id) {
    for (String values :
        List.of("a", "a.b", "input.gt.5", "gt.1", "a.b.c.d", "true", "'.%22.%5C")) {
      int status = api.get("/v1/runs?" + id.wireName() + "=" + values).status();
      assertTrue(status == 200 || status == 422, id + " " + values + ": " + status);
    }
  }

  @Test
  void countsAgreeWithLists() {
    for (String query :
        List.of("tags=a", "search=hello", "messages=gt.0", "pii=true", "users=12")) {
      assertEquals(
          String.valueOf(api.ids("/v1/runs?" + query).size()),
          api.get("/v1/runs/count?" + query).body(),
          query);
    }
  }

  private static void assertFinds(String expected, String query) {
    String found = FilterRuns.letters(api.ids("/v1/runs?" + query + "&sortField=createdAt"));
    assertEquals(expected == null ? "" : expected, found, query);
  }
}
