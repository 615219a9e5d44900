package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesIT extends OnAnalytics {

  @Test
  void emptyWeeksAreFilledAsTheContractSays() {
    JsonNode tokens = QueryTester.tree(body("tokens?" + WEEK)).path("data");
    assertEquals(7, tokens.size());
    assertEquals(
        "{\"date\":\"2024-05-01T00:00:00.000Z\",\"value\":0,\"name\":null}",
        tokens.get(0).toString());
    JsonNode latency = QueryTester.tree(body("latency?" + WEEK));
    assertEquals(35, latency.path("data").size());
    assertEquals("0", latency.path("stat").toString());
    assertEquals("{\"data\":[]}", body("runs?" + WEEK));
    assertEquals("{\"data\":[],\"stat\":0}", body("users/average-cost?" + WEEK));
  }

  @ParameterizedTest
  @CsvSource({
    "tokens,",
    "costs,",
    "run-types,",
    "custom-events,",
    "errors, error",
    "threads, Count",
    "users/new, Count",
    "users/active, Count",
    "feedback-ratio, Ratio",
    "feedback/thumb/up, Thumbs Up",
    "feedback/thumb/down, Thumbs Down"
  })
  void emptyBucketsHaveAZeroOfTheRoutesNameInEveryGranularity(String route, String name) {
    for (String granularity : List.of("hourly", "daily", "weekly", "monthly")) {
      String query = WEEK.replace("daily", granularity);
      JsonNode data = QueryTester.tree(body(route + "?" + query)).path("data");
      int expected =
          switch (granularity) {
            case "hourly" -> 168;
            case "daily" -> 7;
            case "weekly" -> 2;
            default -> 1;
          };
      assertEquals(expected, data.size(), route + " " + granularity);
      assertEquals(name, data.get(0).path("name").textValue());
      assertEquals("0", data.get(0).path("value").toString());
    }
  }

  @Test
  void runsAreZerosInWeeksAndNothingOtherwise() {
    assertEquals("{\"data\":[]}", body("runs?" + WEEK.replace("daily", "monthly")));
    assertEquals(
        List.of("04-29 Events 0", "05-06 Events 0"),
        points("runs?" + WEEK.replace("daily", "weekly")));
    run("tool", "2024-05-02T10:00:00Z");
    assertEquals(7, points("runs?" + WEEK).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens", "latency", "users/new", "runs", "users/active"})
  void aWindowThatEndsBeforeItBeginsIsEmpty(String route) {
    String query =
        "?startDate=2024-05-03T00:00:00Z&endDate=2024-05-01T00:00:00Z&timeZone=UTC"
            + "&granularity=daily";
    assertTrue(body(route + query).startsWith("{\"data\":[]"), route);
  }

  @Test
  void tokensCountInTheLocalDayOfTheirRun() {
    run(
        "llm",
        "2024-05-02T03:30:00Z",
        "name",
        "gpt-4o",
        "prompt_tokens",
        "100",
        "completion_tokens",
        "50");
    assertTrue(
        body("tokens?" + NEW_YORK)
            .contains("{\"date\":\"2024-05-01T00:00:00.000Z\",\"value\":150,\"name\":\"gpt-4o\"}"));
    assertEquals(List.of("05-02 gpt-4o 150"), points("tokens?" + WEEK));
  }

  @Test
  void halfKnownTokensCountAndSumsMayExceedThirtyTwoBits() {
    for (int i = 0; i < 2; i++) {
      run("llm", "2024-05-02T03:30:00Z", "name", "big", "prompt_tokens", "2000000000");
    }
    run("agent", "2024-05-02T03:30:00Z", "name", "agent");
    run("agent", "2024-05-02T04:30:00Z");
    assertEquals(List.of("05-02 agent 0", "05-02 big 4000000000"), points("tokens?" + WEEK));
  }

  @Test
  void costsAreExactDecimalNumbers() {
    for (int i = 0; i < 10; i++) {
      run("llm", "2024-05-02T03:30:00Z", "name", "m", "cost", "0.1000000000");
    }
    run("llm", "2024-05-03T03:30:00Z", "name", "m", "cost", "0.0000000000000000001");
    run("llm", "2024-05-03T03:30:00Z", "name", "m");
    String body = body("costs?" + WEEK);
    assertTrue(body.contains("\"value\":1,\"name\":\"m\""), body);
    assertTrue(body.contains("\"value\":0.0000000000000000001,\"name\":\"m\""), body);
  }

  @Test
  void everyRunOfTheWindowCountsOnce() {
    run("llm", "2024-05-01T00:00:00Z");
    run("chain", "2024-05-01T00:00:00Z");
    run("llm", "2024-05-07T23:59:59.998Z");
    run("llm", "2024-05-07T23:59:59.999Z");
    run("llm", "2024-04-30T23:59:59.999Z");
    run("llm", "2024-05-01T00:00:00Z", "is_deleted", "true");
    runOf(QueryTester.SIBLING, "llm", "2024-05-01T00:00:00Z");
    runOf(QueryTester.FOREIGN, "llm", "2024-05-01T00:00:00Z");
    List<String> points = points("runs?" + WEEK);
    assertEquals(List.of("05-01 Events 2", "05-02 Events 0"), points.subList(0, 2));
    assertEquals("05-07 Events 1", points.get(6));
  }

  @Test
  void daysWithAClockChangeCountTheirRunsOnce() {
    String query =
        "startDate=2024-11-01T04:00:00Z&endDate=2024-11-06T04:59:59Z&timeZone=America/New_York";
    run("llm", "2024-11-03T04:30:00Z");
    run("llm", "2024-11-03T05:30:00Z");
    run("llm", "2024-11-03T06:30:00Z");
    run("llm", "2024-11-04T04:30:00Z");
    run("llm", "2024-11-04T05:00:00Z");
    assertEquals(
        List.of(
            "11-01 Events 0",
            "11-02 Events 0",
            "11-03 Events 4",
            "11-04 Events 1",
            "11-05 Events 0"),
        points("runs?granularity=daily&" + query));
    List<String> hours = points("runs?granularity=hourly&" + query);
    assertEquals(
        List.of("11-03 Events 1", "11-03T01:00 Events 2", "11-03T02:00 Events 0"),
        hours.subList(48, 51));
  }

  @Test
  void errorsAndFeedbackAreCountedByRun() {
    run("llm", "2024-05-02T03:30:00Z", "status", "error");
    for (String thumb : List.of("up", "up", "up", "down")) {
      run("llm", "2024-05-02T03:30:00Z", "feedback", "{\"thumb\":\"" + thumb + "\"}");
    }
    run("llm", "2024-05-02T03:30:00Z", "feedback", "{\"thumb\":null,\"comment\":\"hm\"}");
    run("llm", "2024-05-03T03:30:00Z", "feedback", "{\"thumb\":\"down\"}");
    assertEquals("05-02 error 1", points("errors?" + WEEK).get(1));
    assertEquals("05-02 Thumbs Up 3", points("feedback/thumb/up?" + WEEK).get(1));
    String weeks = WEEK.replace("daily", "weekly");
    assertEquals("04-29 Thumbs Down 2", points("feedback/thumb/down?" + weeks).get(0));
    assertEquals("05-02 Ratio 0.5", points("feedback-ratio?" + WEEK).get(1));
    assertEquals("05-03 Ratio -1", points("feedback-ratio?" + WEEK).get(2));
    assertEquals("04-29 Ratio 0.2", points("feedback-ratio?" + weeks).get(0));
  }

  @Test
  void runTypesSplitByTypeOrByTag() {
    run("llm", "2024-05-02T03:30:00Z", "tags", "{b,a,b}");
    run("llm", "2024-05-02T03:30:00Z", "tags", "{a}");
    run("agent", "2024-05-02T03:30:00Z");
    run("agent", "2024-05-02T03:30:00Z", "tags", "{}");
    assertEquals(List.of("05-02 agent 2", "05-02 llm 2"), points("run-types?" + WEEK));
    assertEquals(
        List.of("05-02 agent 2", "05-02 llm 2"),
        points("run-types?firstDimension=type&firstDimension=tags&" + WEEK));
    assertEquals(
        List.of("05-02 a 2", "05-02 b 1", "05-02 null 2"),
        points("run-types?firstDimension=Tags&" + WEEK));
  }

  @Test
  void conversationsAndCustomEventsAreTypesOfRuns() {
    run("thread", "2024-05-02T03:30:00Z");
    run("chat", "2024-05-02T03:30:00Z");
    run("custom-event", "2024-05-02T03:30:00Z", "name", "signup");
    run("custom-event", "2024-05-02T13:30:00Z", "name", "signup");
    assertEquals("05-02 Count 1", points("threads?" + WEEK).get(1));
    assertEquals(List.of("05-02 signup 2"), points("custom-events?" + WEEK));
    assertEquals(
        List.of("05-02T03:00 signup 1", "05-02T13:00 signup 1"),
        points("custom-events?" + WEEK.replace("daily", "hourly")));
  }

  @Test
  void percentilesLieBetweenTheClosestRanks() {
    for (int seconds : new int[] {1, 2, 3, 10}) {
      String end = "2024-05-02T03:30:%02dZ".formatted(seconds);
      run("llm", "2024-05-02T03:30:00Z", "ended_at", end);
    }
    run("llm", "2024-05-02T03:30:00Z");
    run("tool", "2024-05-03T03:30:00Z", "ended_at", "2024-05-03T03:30:07.5Z");
    List<String> points = points("latency?" + WEEK);
    assertEquals(
        List.of("05-02 p50 2.5", "05-02 p75 4.75", "05-02 p90 7.9", "05-02 p95 8.95"),
        points.subList(5, 9));
    assertEquals(List.of("05-02 p99 9.79", "05-03 p50 7.5"), points.subList(9, 11));
    assertEquals("05-04 p99 0", points.get(19));
    assertEquals("4", stat("latency?" + WEEK));
    assertEquals("7.5", stat("latency?type=tool&" + WEEK));
  }
}
