package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.query.runs.QueryTester;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TopIT extends OnAnalytics {

  private static final String WINDOW =
      "startDate=2024-05-01T00:00:00Z&endDate=2024-05-08T00:00:00Z&timeZone=UTC";

  @Test
  void modelsAreRankedByTokensThenCostThenName() {
    llm(QueryTester.PROJECT, "a", "10", "5", "1");
    llm(QueryTester.PROJECT, "b", "10", "5", "2");
    llm(QueryTester.PROJECT, "c", "20", null, "0.10");
    llm(QueryTester.PROJECT, "d", "1", "1", null);
    llm(QueryTester.PROJECT, "e", "1", "1", null);
    llm(QueryTester.PROJECT, "f", "1", "1", null);
    run("tool", "2024-05-02T00:00:00Z", "name", "tool", "prompt_tokens", "1000");
    run("llm", "2024-05-02T00:00:00Z", "prompt_tokens", "1000");
    run("llm", "2024-05-02T00:00:00Z", "name", "a", "prompt_tokens", "1000", "is_deleted", "true");
    assertEquals(
        "[{\"name\":\"c\",\"promptTokens\":20,\"completionTokens\":0,\"totalTokens\":20,"
            + "\"cost\":0.1},"
            + row("b", 10, 5, "2")
            + ","
            + row("a", 10, 5, "1")
            + ","
            + row("d", 1, 1, "0")
            + ","
            + row("e", 1, 1, "0")
            + "]",
        body("models/top"));
    assertEquals("[" + row("a", 10, 5, "1") + "]", body("models/top?name=a&" + WINDOW));
    assertEquals(
        "[]", body("models/top?" + WINDOW.replace("-08", "-02")), "the window's end is outside");
    assertEquals(5, QueryTester.tree(body("models/top?startDate=2025-01-01T00:00:00Z")).size());
    assertEquals(6, QueryTester.tree(body("models/top?limit=6")).size());
    assertEquals("[]", body("models/top?userId=7"));
  }

  @Test
  void organisationsSeeAllTheirProjectsAndTheBusiestOfEachModel() {
    llm(QueryTester.PROJECT, "a", "10", "5", "1");
    llm(QueryTester.SIBLING, "a", "20", "5", "1");
    for (int i = 0; i < 3; i++) {
      llm(QueryTester.SIBLING, "b", "2000000000", "5", "111111111111.1");
    }
    llm(QueryTester.FOREIGN, "a", "99", "99", "9");
    assertEquals(
        "[{\"name\":\"b\",\"promptTokens\":6000000000,\"completionTokens\":15,"
            + "\"totalTokens\":6000000015,\"cost\":333333333333.3,\"projectName\":\"two\"},"
            + "{\"name\":\"a\",\"promptTokens\":30,\"completionTokens\":10,\"totalTokens\":40,"
            + "\"cost\":2,\"projectName\":\"two\"}]",
        api.get("/v1/analytics/org/models/top?" + WINDOW, QueryTester.ORG_KEY).body());
  }

  @Test
  void templatesAreRankedByUse() {
    api.execute(
        "INSERT INTO template (id, project_id, slug) OVERRIDING SYSTEM VALUE"
            + " VALUES (42, ?, 'welcome')",
        QueryTester.PROJECT);
    for (String version : new String[] {"7", "8"}) {
      api.execute(
          "INSERT INTO template_version (id, project_id, template_id) OVERRIDING SYSTEM VALUE"
              + " VALUES (?, ?, 42)",
          version,
          QueryTester.PROJECT);
      run("llm", "2024-05-02T00:00:00Z", "template_version_id", version, "prompt_tokens", "4");
    }
    run("llm", "2024-05-02T00:00:00Z", "template_version_id", "9", "cost", "0.5");
    run("llm", "2024-05-02T00:00:00Z");
    assertEquals(
        "[{\"slug\":\"welcome\",\"id\":42,\"usageCount\":2,\"promptTokens\":8,"
            + "\"completionTokens\":0,\"totalTokens\":8,\"cost\":0},"
            + "{\"slug\":null,\"id\":null,\"usageCount\":1,\"promptTokens\":0,"
            + "\"completionTokens\":0,\"totalTokens\":0,\"cost\":0.5}]",
        body("templates/top?" + WINDOW));
  }

  @Test
  void languagesAndTopicsAreEmptyWhileNothingIsJudged() {
    assertEquals("{\"data\":[]}", body("languages/top?" + WEEK));
    assertEquals("{\"data\":[]}", body("topics/top?" + WEEK));
  }

  @Test
  void agentsHaveAllThatRanBelowThem() {
    String top = run("agent", "2024-05-02T00:00:00Z", "name", "support", "agent", "support");
    String tool = below(top, "agent", "tool", "support", "0");
    below(tool, "tool", "llm", "support", "3");
    below(top, "agent", "llm", "support", "4");
    String other = run("chain", "2024-05-02T00:00:00Z", "agent", "", "status", "error");
    below(other, "chain", "llm", "", "9");
    run("llm", "2024-05-02T00:00:00Z", "cost", "100");
    String support =
        "{\"name\":\"support\",\"cost\":7,\"promptTokens\":30,\"completionTokens\":0,"
            + "\"totalTokens\":30}";
    assertEquals(
        "{\"data\":["
            + support
            + ",{\"name\":null,\"cost\":9,\"promptTokens\":10,\"completionTokens\":0,"
            + "\"totalTokens\":10}]}",
        body("agents/top?" + WEEK));
    assertEquals("{\"data\":[" + support + "]}", body("agents/top?models=support&" + WEEK));
    assertEquals("{\"data\":[]}", body("agents/top?type=llm&" + WEEK), "asked of the top alone");
    assertEquals(
        "{\"data\":[" + support + "]}",
        body("agents/top?date=gt.2024-01-01T00:00:00Z&models=support&" + WEEK));
  }

  private String below(String parent, String parentType, String type, String agent, String cost) {
    return run(
        type,
        "2024-05-02T00:00:01Z",
        "parent_run_id",
        parent,
        "parent_type",
        parentType,
        "agent",
        agent,
        "cost",
        cost,
        "prompt_tokens",
        "10");
  }

  @Test
  void languagesAndTopicsAreCountedOnceForEachRun() {
    String both =
        "{\"input\": [{\"isoCode\": \"en\"}], \"output\": [{\"isoCode\": \"en\"},"
            + " {\"isoCode\": \"fr\"}]}";
    judged("language", both, "{\"input\": [{\"isoCode\": \"en\"}, null]}");
    judged("topics", "{\"input\": [[{\"topic\": \"Billing\"}, {\"topic\": \"Billing\"}]]}");
    assertEquals(
        "{\"data\":[{\"isoCode\":\"en\",\"count\":2},{\"isoCode\":\"fr\",\"count\":1}]}",
        body("languages/top?" + WEEK));
    assertEquals("{\"data\":[{\"topic\":\"Billing\",\"count\":1}]}", body("topics/top?" + WEEK));
    assertEquals("{\"data\":[]}", body("topics/top?type=tool&" + WEEK));
  }

  private void judged(String evaluator, String... results) {
    String id = UUID.randomUUID().toString();
    api.execute(
        "INSERT INTO evaluator (project_id, id, name, slug, type) VALUES (?, ?, 'n', 's', ?)",
        QueryTester.PROJECT,
        id,
        evaluator);
    for (String result : results) {
      api.insert(
          "evaluation_result_v2",
          "project_id",
          QueryTester.PROJECT,
          "run_id",
          run("llm", "2024-05-02T00:00:00Z"),
          "evaluator_id",
          id,
          "result",
          result);
    }
  }

  private static String row(String name, int prompt, int completion, String cost) {
    return "{\"name\":\"%s\",\"promptTokens\":%d,\"completionTokens\":%d,\"totalTokens\":%d,\"cost\":%s}"
        .formatted(name, prompt, completion, prompt + completion, cost);
  }

  private void llm(String project, String name, String prompt, String completion, String cost) {
    runOf(
        project,
        "llm",
        "2024-05-02T00:00:00Z",
        "name",
        name,
        "prompt_tokens",
        prompt,
        "completion_tokens",
        completion,
        "cost",
        cost);
  }
}
