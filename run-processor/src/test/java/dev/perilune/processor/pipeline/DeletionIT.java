package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.RunIds;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was deleted stays deleted. */
class DeletionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String[] TABLES = {
    "run", "run_payload", "run_alias", "run_orphan", "run_stray", "thread_message", "log_line"
  };

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
  void lateEventsOfADeletedRunComeToNothing() {
    send(start("agent", null) + "," + start("call", "agent"));

    assertTrue(delete("agent"));
    send(
        """
        {"type":"llm","event":"end","runId":"call","timestamp":"2026-11-20T10:00:09Z","output":"a"},
        {"type":"agent","event":"error","runId":"agent","timestamp":"2026-11-20T10:00:09Z","error":{}},
        {"event":"feedback","runId":"call","timestamp":"2026-11-20T10:00:09Z","feedback":{"thumb":"up"}},
        {"type":"log","event":"info","parentRunId":"call","message":"hello"}""");

    assertNothing();
    assertFalse(delete("agent"));
  }

  @Test
  void whatBeginsBelowADeletedRunIsDeletedToo() {
    send(start("agent", null));
    delete("agent");

    // the end of the tool comes before its start, and its child before both
    send(start("call", "tool"));
    send(
        """
        {"type":"tool","event":"end","runId":"tool","timestamp":"2026-11-20T10:00:09Z","output":"a"}""");
    send(start("tool", "agent"));
    send(start("another", "call") + "," + start("call", "tool"));

    assertNothing();
  }

  @Test
  void aMessageThatIsDeliveredAgainDoesNotRefoldADeletedExchange() {
    String said = message("m1", "user", 1) + "," + message("m2", "assistant", 2);
    send(said + "," + message("m3", "user", 3));

    assertTrue(delete("m1"));
    send(said);
    send(message("m4", "assistant", 4));

    assertEquals(List.of("thread", "m4"), runs("thread", "m1", "m2", "m3", "m4"));
  }

  @Test
  void aDeletedConversationIsGoneButMayGoOn() {
    String said = message("m1", "user", 1) + "," + message("m2", "assistant", 2);
    List<SourceRecord> old = pipeline.records("[" + said + "," + start("call", "m1") + "]");
    List<SourceRecord> onTheWay = pipeline.records("[" + message("m3", "user", 3) + "]");
    pipeline.write(old);

    assertTrue(delete("thread"));
    assertNothing();
    pipeline.write(old);
    pipeline.write(onTheWay);
    assertNothing();

    send(message("m4", "user", 4) + "," + start("later", "thread"));
    assertEquals(
        List.of("thread", "m4", "later"), runs("thread", "m1", "m2", "m3", "m4", "call", "later"));
  }

  static LongStream seeds() {
    return LongStream.range(1, 1 + Long.getLong("perilune.delete.histories", 8));
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  void replaysBringNothingBackInAnyOrder(long seed) {
    pipeline.addProject();
    Random random = new Random(seed);
    List<SourceRecord> records =
        new ArrayList<>(pipeline.records("[" + String.join(",", Histories.events(seed)) + "]"));
    pipeline.write(records);
    JsonArray tops =
        pipeline.rows("SELECT id FROM run WHERE project_id = $1 AND parent_type IS NULL");
    for (int i = 0; i < tops.size(); i++) {
      pipeline.delete(RunIds.derive(tops.getJsonObject(i).getString("id")));
    }
    assertEquals(0, count("run"), "everything is below something without a parent");

    Collections.shuffle(records, random);
    while (!records.isEmpty()) {
      int size = Math.min(records.size(), 1 + random.nextInt(6));
      pipeline.write(List.copyOf(records.subList(0, size)));
      records.subList(0, size).clear();
    }

    assertEquals(0, count("run"));
    assertEquals(0, count("run_payload"));
    assertEquals(0, count("thread_message"));
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
  }

  @Test
  void aDeletedRunCountsNowhere() {
    send(start("agent", null) + "," + start("call", "agent"));
    assertEquals("[]", pipeline.figuresThatAreOff().encode());

    delete("agent");

    assertEquals(
        0,
        pipeline
            .row("SELECT coalesce(sum(runs), 0) AS runs FROM rollup_run WHERE project_id = $1")
            .getInteger("runs"));
  }

  private void assertNothing() {
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    for (String table : TABLES) {
      assertEquals(0, count(table), table);
    }
  }

  private int count(String table) {
    return pipeline
        .row("SELECT count(*) AS rows FROM " + table + " WHERE project_id = $1")
        .getInteger("rows");
  }

  private List<String> runs(String... ids) {
    List<String> there = new ArrayList<>();
    for (String id : ids) {
      if (!pipeline
          .rows("SELECT 1 FROM run WHERE project_id = $1 AND id = $2", RunIds.derive(id))
          .isEmpty()) {
        there.add(id);
      }
    }
    return there;
  }

  private boolean delete(String id) {
    return pipeline.delete(RunIds.derive(id));
  }

  private void send(String events) {
    assertEquals(List.of(), pipeline.send("[" + events + "]"));
  }

  private static String start(String id, String parent) {
    return """
        {"type":"%s","event":"start","runId":"%s","timestamp":"2026-11-20T10:00:01Z","input":"q"%s}"""
        .formatted(
            id.equals("agent") || id.equals("tool") ? id : "llm",
            id,
            parent == null ? "" : ",\"parentRunId\":\"" + parent + "\"");
  }

  private static String message(String id, String role, int second) {
    return """
        {"type":"thread","event":"chat","runId":"%s","parentRunId":"thread",
         "timestamp":"2026-11-20T10:00:0%dZ","message":{"role":"%s","content":"c"}}"""
        .formatted(id, second, role);
  }
}
