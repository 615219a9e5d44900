package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of days from memory is what the database has at that moment. */
class UserDaysIT extends OnAnalytics {

  private static final String ACTIVE = "users/active?" + WEEK;
  private static final String AVERAGE = "users/average-cost?" + WEEK;
  private static final String TOP = "/v1/external-users?sortField=cost&" + WEEK;

  private static final String VERSION =
      "SELECT coalesce(sum(version), 0) FROM rollup_user_version WHERE project_id = '%s'"
          .formatted(QueryTester.PROJECT);

  private String late;

  @BeforeEach
  void runs() {
    for (int id = 1; id <= 3; id++) {
      user(id, "2024-05-01T00:00:00Z", "{}");
    }
    run("llm", "2024-05-01T10:00:00Z", "external_user_id", "1", "cost", "1");
    run("llm", "2024-05-02T10:00:00Z", "external_user_id", "1", "cost", "3");
    late = run("llm", "2024-05-02T11:00:00Z", "external_user_id", "2", "cost", "0.5");
    assertAnswers("2", "2.25", "1 4, 2 0.5, 3 null");
  }

  @Test
  void aDayThatDidNotChangeIsNotReadAgain() {
    pastTriggers("UPDATE rollup_user SET cost = 7, runs = 0 WHERE user_id = 2");
    assertAnswers("2", "2.25", "1 4, 2 0.5, 3 null");
  }

  @Test
  void aLateRunCountsAtOnce() {
    run("llm", "2024-05-01T23:00:00Z", "external_user_id", "3", "cost", "4.5");
    assertAnswers("3", "3", "3 4.5, 1 4, 2 0.5");
    assertEquals("05-01 Count 2", points(ACTIVE).get(0));
  }

  @Test
  void anotherPriceCountsAtOnce() {
    change("cost = 8");
    assertAnswers("2", "6", "2 8, 1 4, 3 null");
  }

  @Test
  void aDeletedRunCountsNoMore() {
    change("is_deleted = TRUE");
    assertAnswers("1", "4", "1 4, 3 null, 2 null");
  }

  @Test
  void anErasedUserCountsNoMore() {
    assertEquals(204, api.delete("/v1/external-users/1").status());
    assertAnswers("1", "0.5", "2 0.5, 3 null");
    assertEquals(0, api.number("SELECT count(*) FROM rollup_user WHERE user_id = 1"));
  }

  @Test
  void whatARecountMendsCountsAtOnce() {
    api.execute("UPDATE rollup_user SET cost = 9 WHERE user_id = 2");
    api.execute("DELETE FROM rollup_user WHERE user_id = 1 AND day = '2024-05-02Z'");
    assertEquals("[2 9, 1 1, 3 null]", spent(api, TOP).toString());
    api.execute(
        "SELECT rollup_recount(?::uuid, '2024-05-01Z', '2024-05-03Z')", QueryTester.PROJECT);
    assertAnswers("2", "2.25", "1 4, 2 0.5, 3 null");
  }

  @Test
  void everyInstanceKnowsWhatAnotherChanged() throws Exception {
    try (QueryTester second = new QueryTester(POSTGRES.settings())) {
      // a new instance of the tests begins with an empty database
      api.execute("TRUNCATE rollup_run, rollup_user_version");
      runs();
      assertEquals("[1 4, 2 0.5, 3 null]", spent(second, TOP).toString());
      change("cost = 8");
      assertEquals("[2 8, 1 4, 3 null]", spent(second, TOP).toString());
      assertAnswers("2", "6", "2 8, 1 4, 3 null");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-05-02T10:30:00.000Z 2 0.5",
        "2024-05-02T09:00:00.000Z 1 3",
        "2024-05-02T11:00:00.000Z 2 0.5"
      })
  void aWindowThatCutsADayFollowsItsChanges(String fromUserAndCost) {
    String[] given = fromUserAndCost.split(" ");
    String cut = TOP.replace("2024-05-01T00:00:00.000Z", given[0]);
    assertEquals(given[1] + " " + given[2], spent(api, cut).get(0));
    run("llm", "2024-05-02T23:59:00Z", "external_user_id", "3", "cost", "6");
    assertEquals("3 6", spent(api, cut).get(0));
    // it counts the same for the day, and nothing for the window any more
    api.execute("SELECT rollup_add(-1, project_id, ARRAY[id]) FROM run WHERE cost = 6");
    api.execute("UPDATE run SET created_at = '2024-05-02T01:00:00Z' WHERE cost = 6");
    api.execute("SELECT rollup_add(1, project_id, ARRAY[id]) FROM run WHERE cost = 6");
    assertEquals(given[1] + " " + given[2], spent(api, cut).get(0));
  }

  @Test
  void versionsMoveWithRowsAndNeverRepeat() {
    long before = api.number(VERSION);
    api.execute("UPDATE rollup_user SET cost = cost + 1 WHERE user_id = 99");
    api.execute("DELETE FROM rollup_user WHERE user_id = 99");
    assertEquals(before, api.number(VERSION), "no row changed");
    for (String change :
        List.of(
            "UPDATE rollup_user SET cost = cost + 1 WHERE user_id = 2",
            "DELETE FROM rollup_user WHERE user_id = 2",
            "INSERT INTO rollup_user SELECT project_id, day, 77, runs, costed, 0, 0, cost, hours,"
                + " costed_hours FROM rollup_user WHERE user_id = 1")) {
      api.execute(change);
      long after = api.number(VERSION);
      assertTrue(after > before, change);
      before = after;
    }
    long day = api.number(VERSION + " AND day = '2024-05-02Z'");
    api.execute("DELETE FROM rollup_user_version");
    api.execute("UPDATE rollup_user SET cost = cost + 1 WHERE day = '2024-05-02Z'");
    assertTrue(api.number(VERSION + " AND day = '2024-05-02Z'") > day, "a row that comes back");
  }

  /** Each user has one run, so each answer must be as if nobody wrote meanwhile. */
  @Test
  void answersAreOfOneMomentWhileDaysChange() throws Exception {
    AtomicInteger begun = new AtomicInteger(2);
    AtomicInteger done = new AtomicInteger(2);
    AtomicInteger asked = new AtomicInteger();
    api.execute("SELECT rollup_add(-1, project_id, array_agg(id)) FROM run GROUP BY project_id");
    api.execute("DELETE FROM run");
    run("llm", "2024-05-01T10:00:00Z", "external_user_id", "1", "cost", "1");
    run("llm", "2024-05-02T10:00:00Z", "external_user_id", "2", "cost", "1");
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        all.add(readers.submit(() -> ask(begun, done, asked)));
      }
      while (asked.get() < 3 * 40 && all.stream().noneMatch(Future::isDone)) {
        int id = begun.incrementAndGet();
        String at = "2024-05-0%dT%02d:30:00Z".formatted(1 + id % 6, id % 24);
        run("llm", at, "external_user_id", Integer.toString(id), "cost", "1");
        done.set(id);
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private void ask(AtomicInteger begun, AtomicInteger done, AtomicInteger asked) {
    for (int i = 0; i < 40; i++) {
      int least = done.get();
      JsonNode active = QueryTester.tree(body(ACTIVE));
      int users = active.path("stat").asInt();
      int most = begun.get();
      assertTrue(least <= users && users <= most, least + " <= " + users + " <= " + most);
      int sum = 0;
      for (JsonNode point : active.path("data")) {
        sum += point.path("value").asInt();
      }
      assertEquals(users, sum);
      // the costs come from other figures, of the same moment
      assertEquals("1", stat(AVERAGE));
      asked.incrementAndGet();
    }
  }

  private void assertAnswers(String active, String averageCost, String spent) {
    assertEquals(active, stat(ACTIVE));
    assertEquals(averageCost, stat(AVERAGE));
    assertEquals("[" + spent + "]", spent(api, TOP).toString());
  }

  private static List<String> spent(QueryTester api, String list) {
    List<String> spent = new ArrayList<>();
    for (JsonNode user : api.json(list).path("data")) {
      spent.add(user.path("id").asText() + " " + user.path("cost").asText());
    }
    return spent;
  }

  private void change(String set) {
    String add = "SELECT rollup_add(%d, '%s', ARRAY['%s'::uuid])";
    api.execute(add.formatted(-1, QueryTester.PROJECT, late));
    api.execute("UPDATE run SET " + set + " WHERE id = ?", late);
    api.execute(add.formatted(1, QueryTester.PROJECT, late));
  }

  private void pastTriggers(String sql) {
    api.execute("SET session_replication_role = replica");
    api.execute(sql);
    api.execute("RESET session_replication_role");
  }
}
