package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of an erased user nothing is left, and nothing comes back. */
class ErasureIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String ALICE = "alice@example.com";

  /** In every text that is Alice's, and in no other. */
  private static final String SECRET = "moonbeam";

  private static final String EVENTS =
      """
      {"type":"agent","event":"start","runId":"agent","name":"moonbeam planner","userId":"alice@example.com",
       "userProps":{"name":"Alice moonbeam"},"tags":["moonbeam"],"metadata":{"k":"moonbeam"},
       "timestamp":"2026-11-20T10:00:00Z","input":"moonbeam","params":{"p":"moonbeam"}},
      {"type":"llm","event":"start","runId":"call","parentRunId":"agent","name":"gpt-4o",
       "timestamp":"2026-11-20T10:00:01Z","input":[{"role":"user","content":"moonbeam"}]},
      {"type":"llm","event":"end","runId":"call","timestamp":"2026-11-20T10:00:02Z","tags":["moonbeam-too"],
       "output":{"role":"assistant","content":"moonbeam"}},
      {"type":"agent","event":"error","runId":"agent","timestamp":"2026-11-20T10:00:03Z",
       "error":{"message":"moonbeam"}},
      {"event":"feedback","runId":"call","timestamp":"2026-11-20T10:00:03Z","feedback":{"comment":"moonbeam"}},
      {"type":"log","event":"info","parentRunId":"call","message":"moonbeam","timestamp":"2026-11-20T10:00:03Z"},
      {"type":"thread","event":"chat","runId":"m1","parentRunId":"thread","userId":"alice@example.com",
       "timestamp":"2026-11-20T10:00:01Z","threadTags":["moonbeam"],
       "message":{"role":"user","content":"moonbeam","metadata":{"m":"moonbeam"}}},
      {"type":"thread","event":"chat","runId":"m2","parentRunId":"thread","feedback":{"comment":"moonbeam"},
       "timestamp":"2026-11-20T10:00:02Z","message":{"role":"assistant","content":"moonbeam"}},
      {"type":"tool","event":"end","runId":"late","userId":"alice@example.com","output":"moonbeam",
       "timestamp":"2026-11-20T10:00:04Z"},
      {"type":"llm","event":"start","runId":"lost","parentRunId":"not-there","userId":"alice@example.com",
       "timestamp":"2026-11-20T10:00:04Z","input":"moonbeam"},
      {"type":"llm","event":"start","runId":"bobs","name":"gpt-4o","userId":"bob","userProps":{"name":"Bob"},
       "timestamp":"2026-11-20T10:00:01Z","input":"sunshine","tags":["sunshine"]},
      {"type":"llm","event":"end","runId":"bobs","userId":"bob","timestamp":"2026-11-20T10:00:02Z",
       "output":"sunshine"}""";

  private PipelineTester pipeline;

  @BeforeEach
  void open() {
    pipeline = new PipelineTester(POSTGRES.settings());
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void nothingIsLeftInAnyTable() {
    pipeline.write(pipeline.records("[" + EVENTS + "]"));
    pipeline.edit(RunIds.derive("call"), new RunEdit.Score("moonbeam", "\"moonbeam\"", "moonbeam"));
    pipeline.edit(RunIds.derive("call"), new RunEdit.Tags(List.of("moonbeam-three")));
    pipeline.edit(RunIds.derive("m2"), new RunEdit.Feedback(Map.of("comment", "\"moonbeam\"")));
    letter("{\"event\":{\"userId\":\"" + ALICE + "\",\"input\":\"moonbeam\"");
    letter("{\"event\":{\"runId\":\"call\",\"input\":\"moonbeam\"");
    letter("{\"event\":{\"runId\":\"bobs\",\"input\":\"sunshine\"");
    assertTrue(tablesWith(SECRET).size() > 6, tablesWith(SECRET).toString());
    assertTrue(tablesWith(ALICE).contains("external_user"));
    JsonObject bob = pipeline.run("bobs");

    pipeline.erase(ALICE);

    assertEquals(List.of(), tablesWith(SECRET));
    assertEquals(List.of(), tablesWith(ALICE));
    assertEquals(bob, pipeline.run("bobs"));
    assertEquals(1, count("run"));
    assertEquals(1, count("dead_letter"));
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    assertEquals(
        0,
        pipeline
            .row(
                "SELECT count(*) AS rows FROM rollup_user WHERE project_id = $1 AND user_id NOT IN"
                    + " (SELECT id FROM external_user)")
            .getInteger("rows"));
    JsonObject erasure =
        pipeline.row("SELECT * FROM erasure WHERE project_id = $1 AND finished_at IS NOT NULL");
    assertTrue(erasure.getInteger("runs_deleted") >= 6, erasure.encode());
  }

  @Test
  void replaysInAnyOrderBringNothingBack() {
    List<SourceRecord> records = new ArrayList<>(pipeline.records("[" + EVENTS + "]"));
    pipeline.write(records);
    pipeline.erase(ALICE);

    for (int seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(records, random);
      for (int from = 0; from < records.size(); ) {
        int to = Math.min(records.size(), from + 1 + random.nextInt(4));
        assertEquals(List.of(), pipeline.write(List.copyOf(records.subList(from, to))));
        from = to;
      }
    }

    assertEquals(List.of(), tablesWith(SECRET));
    assertEquals(List.of(), tablesWith(ALICE));
    assertEquals(1, count("run"));
    assertEquals("sunshine", pipeline.run("bobs").getString("output"));
  }

  @Test
  void whatWasOnItsWayDuringTheErasureIsNotStored() {
    pipeline.send(
        """
        [{"type":"llm","event":"start","runId":"first","userId":"alice@example.com","input":"moonbeam",
          "timestamp":"2026-11-20T09:00:00Z"}]""");
    List<SourceRecord> onTheWay = pipeline.records("[" + EVENTS + "]");
    pipeline.erase(ALICE);

    // each alone: ends, children and answers do not name their user
    onTheWay.forEach(record -> pipeline.write(List.of(record)));

    assertEquals(List.of(), tablesWith(ALICE));
    assertEquals(
        1, count("run"), pipeline.rows("SELECT * FROM run WHERE project_id = $1").encodePrettily());
  }

  @Test
  void whatTheSamePersonDoesLaterIsANewUsers() {
    pipeline.write(pipeline.records("[" + EVENTS + "]"));
    long before = user();
    pipeline.erase(ALICE);

    String later =
        """
        [{"type":"llm","event":"start","runId":"again","userId":"alice@example.com","input":"hello",
          "timestamp":"2026-11-20T12:00:00Z"}]""";
    pipeline.write(pipeline.records(later, Instant.now().toEpochMilli() * 1000 + 1_000_000));

    assertNotEquals(before, user());
    assertEquals(ALICE, pipeline.run("again").getString("user_name"));
    pipeline.erase(ALICE);
    assertEquals(List.of(), tablesWith(ALICE));
  }

  @Test
  void theEndOfSomebodyElsesRunTakesNothingWithIt() {
    String start =
        """
        {"type":"llm","event":"start","runId":"shared","userId":"bob","input":"sunshine",
         "timestamp":"2026-11-20T10:00:00Z"}""";
    String end =
        """
        {"type":"llm","event":"end","runId":"shared","userId":"alice@example.com","output":"moonbeam",
         "timestamp":"2026-11-20T10:00:01Z"}""";
    List<SourceRecord> records = pipeline.records("[" + start + "," + end + "]");
    pipeline.write(List.of(records.get(0)));
    pipeline.write(pipeline.records("[" + EVENTS + "]"));
    pipeline.erase(ALICE);

    pipeline.write(List.of(records.get(1)));
    pipeline.write(records);

    assertEquals("bob", pipeline.run("shared").getString("user_name"));
    assertEquals(List.of(), tablesWith(SECRET));
  }

  private long user() {
    return pipeline
        .row("SELECT id FROM external_user WHERE project_id = $1 AND external_id = $2", ALICE)
        .getLong("id");
  }

  /** Every table of the catalogue that has the text in a row, as text or as bytes. */
  private List<String> tablesWith(String text) {
    List<String> found = new ArrayList<>();
    pipeline
        .rows(
            """
            SELECT c.oid::regclass::text AS name
              FROM pg_class c
             WHERE $1::uuid IS NOT NULL AND c.relkind = 'r'
               AND c.relnamespace = current_schema()::regnamespace
             ORDER BY 1
            """)
        .forEach(
            row -> {
              String name = ((JsonObject) row).getString("name");
              String sql =
                  """
                  SELECT count(*) AS rows FROM %s t
                   WHERE $1::uuid IS NOT NULL
                     AND (strpos(t::text, $2::text) > 0
                          OR strpos(t::text, encode(convert_to($2::text, 'UTF8'), 'hex')) > 0)
                  """
                      .formatted(name);
              if (pipeline.row(sql, text).getInteger("rows") > 0) {
                found.add(name);
              }
            });
    return found;
  }

  private int count(String table) {
    return pipeline
        .row("SELECT count(*) AS rows FROM " + table + " WHERE project_id = $1")
        .getInteger("rows");
  }

  private void letter(String record) {
    pipeline.execute(
        """
        INSERT INTO dead_letter (project_id, source_topic, source_partition, source_offset, reason,
                                 record)
        SELECT $1, 'test', 0, coalesce(max(source_offset), 0) + 1, 'broken',
               convert_to($2::text, 'UTF8')
          FROM dead_letter
        """,
        record);
  }
}
