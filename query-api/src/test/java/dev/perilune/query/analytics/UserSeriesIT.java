package dev.perilune.query.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.query.runs.QueryTester;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserSeriesIT extends OnAnalytics {

  @BeforeEach
  void users() {
    user(1, "2024-05-02T03:30:00Z", "{\"plan\": \"pro\", \"region\": \"EU\"}");
    user(2, "2024-05-02T12:00:00Z", "{\"plan\": \"free\", \"region\": \"US\"}");
    user(3, "2024-01-01T00:00:00Z", "{\"region\": \"EU\"}");
    user(4, "2024-05-03T00:00:00Z", "{\"plan\": \"pro\", \"region\": \"Asia\"}");
    api.execute(
        "INSERT INTO external_user (project_id, external_id, created_at, last_seen, props)"
            + " VALUES (?, 'x', '2024-05-02Z', '2024-05-02Z', '{\"region\": \"theirs\"}')",
        QueryTester.FOREIGN);
    run("llm", "2024-05-02T03:30:00Z", "external_user_id", "1", "cost", "1");
    run("llm", "2024-05-02T03:40:00Z", "external_user_id", "1", "cost", "2");
    run("tool", "2024-05-02T12:00:00Z", "external_user_id", "2");
    run("llm", "2024-05-05T12:00:00Z", "external_user_id", "1", "cost", "5");
    run("tool", "2024-05-05T12:00:00Z", "external_user_id", "3", "cost", "0.5");
    run("llm", "2024-05-06T12:00:00Z", "external_user_id", "4", "is_deleted", "true");
    run("llm", "2024-05-06T12:00:00Z");
  }

  @Test
  void activeUsersAreDistinctInEachBucketAndInTheWindow() {
    List<String> points = points("users/active?" + WEEK);
    assertEquals(List.of("05-01 Count 0", "05-02 Count 2"), points.subList(0, 2));
    assertEquals("05-05 Count 2", points.get(4));
    assertEquals("05-06 Count 0", points.get(5));
    assertEquals("3", stat("users/active?" + WEEK));
    String weeks = "users/active?" + WEEK.replace("daily", "weekly");
    assertEquals(List.of("04-29 Count 3", "05-06 Count 0"), points(weeks));
    assertEquals("1", stat("users/active?type=tool&" + NEW_YORK));
    assertEquals(
        List.of("05-01 Count 1", "05-02 Count 1", "05-03 Count 0"),
        points("users/active?" + NEW_YORK));
  }

  @Test
  void usersAreNewWhereTheyWereFirstSeen() {
    assertEquals(
        List.of("05-01 Count 0", "05-02 Count 2", "05-03 Count 1"),
        points("users/new?" + WEEK).subList(0, 3));
    assertEquals("3", stat("users/new?" + WEEK));
    assertEquals(
        List.of("05-01 Count 1", "05-02 Count 2", "05-03 Count 0"),
        points("users/new?" + NEW_YORK));
    assertEquals("1", stat("users/new?type=llm&" + WEEK), "with a run that matches");
  }

  @Test
  void onePropertySplitsUsersByDate() {
    String query = "?firstDimension=plan&secondDimension=date&" + WEEK;
    List<String> points = points("users/active" + query);
    assertEquals(
        List.of("05-01 Unknown 0", "05-02 free 1", "05-02 pro 1", "05-03 Unknown 0"),
        points.subList(0, 4));
    assertEquals(List.of("05-05 Unknown 1", "05-05 pro 1"), points.subList(5, 7));
    assertEquals("3", stat("users/active" + query));
    assertEquals(
        List.of("05-02 free 1", "05-02 pro 1", "05-03 pro 1"),
        points("users/new" + query).subList(1, 4));
  }

  @Test
  void twoPropertiesMakeATableOfTheWindow() {
    String query = "?firstDimension=plan&secondDimension=region&" + WEEK;
    assertEquals(
        "{\"data\":[{\"value\":\"Asia\",\"Unknown\":0},"
            + "{\"value\":\"EU\",\"Unknown\":1,\"pro\":1},{\"value\":\"US\",\"free\":1}],"
            + "\"stat\":3}",
        body("users/active" + query));
    assertEquals(
        "{\"data\":[{\"value\":\"Asia\",\"pro\":1},{\"value\":\"EU\",\"pro\":1},"
            + "{\"value\":\"US\",\"free\":1}],\"stat\":3}",
        body("users/new" + query));
  }

  @Test
  void oneDimensionAloneOrTheWordUndefinedSplitsNothing() {
    String query = "?firstDimension=plan&secondDimension=undefined&" + WEEK;
    assertEquals("05-02 Count 2", points("users/active" + query).get(1));
    assertEquals("05-02 Count 2", points("users/new?secondDimension=plan&" + WEEK).get(1));
  }

  @Test
  void averageCostIsThatOfTheActiveUsers() {
    assertEquals(
        List.of("05-02 Cost 1.5", "05-05 Cost 2.75"), points("users/average-cost?" + WEEK));
    // 8 of user 1 and 0.5 of user 3; user 2 has no run with a cost
    assertEquals("4.25", stat("users/average-cost?" + WEEK));
    assertEquals("8", stat("users/average-cost?type=llm&" + WEEK));
  }
}
