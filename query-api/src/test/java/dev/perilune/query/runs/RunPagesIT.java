package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixty runs over three years, some at the same time, some without an end. */
class RunPagesIT extends OnQueryApi {

  private static final int RUNS = 60;

  @BeforeEach
  void insert() {
    api.execute(
        """
        INSERT INTO run (project_id, id, type, created_at, ended_at, cost, prompt_tokens, status)
        SELECT ?::uuid, (lpad(i::text, 8, '0') || '-0000-4000-8000-000000000000')::uuid,
               CASE WHEN i % 10 = 9 THEN 'tool' ELSE 'llm' END, at,
               CASE WHEN i % 3 > 0 THEN at + i % 7 * interval '1 s' END,
               CASE WHEN i % 4 > 0 THEN i % 5 END, CASE WHEN i % 5 > 0 THEN i % 2 END, 'success'
          FROM generate_series(0, ?::integer - 1) AS i
         CROSS JOIN LATERAL
               (SELECT timestamptz '2022-01-01Z' + i / 2 * interval '37 days 1 second') AS start (at)
        """,
        QueryTester.PROJECT, String.valueOf(RUNS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "&sortField=createdAt",
        "&sortField=duration",
        "&sortField=duration&sortDirection=desc",
        "&sortField=cost",
        "&sortField=cost&sortDirection=desc",
        "&sortField=tokens&sortDirection=desc",
        "&sortField=messagesCount",
      })
  void everyWayThroughTheListIsTheSame(String order) {
    List<String> whole = api.ids("/v1/runs?status=success&limit=1000" + order);
    assertEquals(RUNS, whole.size());
    assertEquals(whole, byNumbers("/v1/runs?status=success&limit=7" + order));
    assertEquals(whole, byCursors("/v1/runs?status=success&limit=7" + order));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&sortField=duration&sortDirection=desc", "&sortField=cost"})
  void neighborsAreThoseOfTheList(String order) {
    List<String> whole = api.ids("/v1/runs?type=llm&limit=1000" + order);
    for (int at : List.of(0, 1, 20, whole.size() - 2, whole.size() - 1)) {
      JsonNode beside = api.json("/v1/runs/" + whole.get(at) + "/neighbors?type=llm" + order);
      assertEquals(at == 0 ? null : whole.get(at - 1), beside.get("nextId").textValue());
      assertEquals(
          at == whole.size() - 1 ? null : whole.get(at + 1), beside.get("previousId").textValue());
    }
  }

  @Test
  void whoIsNotInTheListHasNoNeighbors() {
    String none = "{\"previousId\":null,\"nextId\":null}";
    String run = "00000009-0000-4000-8000-000000000000";
    assertEquals(none, api.get("/v1/runs/" + run + "/neighbors?type=llm").body());
    assertEquals(none, api.get("/v1/runs/" + run + "/neighbors").body());
    assertEquals(none, api.get("/v1/runs/nobody/neighbors?type=llm").body());
    assertTrue(api.json("/v1/runs/" + run + "/neighbors?type=tool").has("nextId"));
    api.insert(
        "run", "project_id", QueryTester.FOREIGN, "id", A, "type", "llm", "created_at", NOON);
    assertEquals(none, api.get("/v1/runs/" + A + "/neighbors?type=llm").body());
    api.execute("UPDATE run SET is_deleted = true WHERE id = '" + run + "'");
    assertEquals(none, api.get("/v1/runs/" + run + "/neighbors?type=tool").body());
  }

  @Test
  void tracesAreTheNeighborsOfATrace() {
    api.run(A, "agent", "2025-05-01T10:00:00Z");
    api.run(B, "agent", "2025-05-01T11:00:00Z", "parent_run_id", A, "parent_type", "agent");
    api.run(C, "chain", "2025-05-01T12:00:00Z");
    assertEquals(
        "{\"previousId\":\"" + A + "\",\"nextId\":null}",
        api.get("/v1/runs/" + C + "/neighbors?undefinedundefined").body());
  }

  @Test
  void aRunThatArrivesMeanwhileHidesNoOther() {
    List<String> whole = api.ids("/v1/runs?limit=1000");
    List<String> seen = new ArrayList<>(api.ids("/v1/runs?limit=10"));
    api.run(A, "llm", NOON);
    seen.addAll(api.ids("/v1/runs?limit=10&page=1"));
    assertEquals(whole.subList(0, 20), seen);
    assertEquals(A, api.ids("/v1/runs?limit=10").get(0));
    assertEquals(whole.subList(9, 19), api.ids("/v1/runs?limit=10&page=1"));
  }

  @Test
  void theLastPageTellsHowManyThereAre() {
    assertFalse(api.json("/v1/runs?limit=50").has("total"));
    assertEquals(54, api.json("/v1/runs?limit=50&page=1").get("total").asInt());
    assertEquals(6, api.json("/v1/runs?type=tool").get("total").asInt());
    assertEquals(0, api.json("/v1/runs?type=chain").get("total").asInt());
    assertFalse(api.json("/v1/runs?limit=50&page=7").has("total"));
    assertEquals("54", api.get("/v1/runs/count?type=llm&limit=1&page=3").body());
  }

  @Test
  void aCursorOfAnotherOrderIsRefused() {
    String cursor = api.json("/v1/runs?limit=7").get("nextCursor").asText();
    assertEquals(7, api.ids("/v1/runs?limit=7&cursor=" + cursor).size());
    assertEquals(422, api.get("/v1/runs?limit=7&sortField=cost&cursor=" + cursor).status());
  }

  private List<String> byNumbers(String path) {
    List<String> ids = new ArrayList<>();
    for (int page = 0; page <= RUNS / 7; page++) {
      ids.addAll(api.ids(path + "&page=" + page));
    }
    // again from behind, where no page before it is known
    List<String> last = api.ids(path.replace("limit=7", "limit=8") + "&page=7");
    assertEquals(ids.subList(56, RUNS), last);
    return ids;
  }

  private List<String> byCursors(String path) {
    List<String> ids = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page = api.json(path + (next.isEmpty() ? "" : "&cursor=" + next));
      page.get("data").forEach(run -> ids.add(run.get("id").asText()));
      next = page.get("nextCursor").textValue();
    }
    return ids;
  }
}
