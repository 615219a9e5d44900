package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People and processors at the same run at the same time: neither misses the other. */
class EditRaceIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final RunEdit TAGS = new RunEdit.Tags(List.of("mine"));
  private static final RunEdit UP = new RunEdit.Feedback(Map.of("thumb", "\"up\""));

  private static final String WAITING =
      """
      SELECT count(*) AS transactions
        FROM pg_stat_activity
       WHERE $1::uuid IS NOT NULL AND datname = current_database() AND wait_event_type = 'Lock'
      """;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch commit = new CountDownLatch(1);
  private PipelineTester processor;
  private PipelineTester people;

  @BeforeEach
  void open() {
    processor = new PipelineTester(POSTGRES.settings());
    people = processor.beside();
  }

  @AfterEach
  void close() {
    commit.countDown();
    threads.shutdownNow();
    people.release();
    processor.close();
  }

  @Test
  void anEditFindsARunThatIsJustBeingStored() throws Exception {
    Future<?> batch = slowly(start("call", null));

    Future<Boolean> edit = threads.submit(() -> people.edit(RunIds.derive("call"), TAGS));
    awaitWaiting();
    finish(batch, edit);

    assertEquals(new JsonArray().add("mine"), run("call").getJsonArray("tags"));
    assertEquals(
        0, people.rows("SELECT 1 FROM run_alias WHERE project_id = $1").size(), "kept for nobody");
  }

  @Test
  void anEditAndAnEndOfTheSameRunAreBothThere() throws Exception {
    processor.send("[" + start("call", null) + "]");
    Future<?> batch =
        slowly(
            """
            {"type":"llm","event":"end","runId":"call","timestamp":"2026-11-20T10:00:09Z",
             "tags":["theirs"],"output":"a"}""");

    Future<Boolean> tags = threads.submit(() -> people.edit(RunIds.derive("call"), TAGS));
    Future<Boolean> feedback = threads.submit(() -> people.edit(RunIds.derive("call"), UP));
    awaitWaiting();
    finish(batch, tags, feedback);

    JsonObject run = run("call");
    assertEquals(new JsonArray().add("mine"), run.getJsonArray("tags"));
    assertEquals("up", run.getJsonObject("feedback").getString("thumb"));
    assertEquals("success", run.getString("status"));
  }

  @Test
  void aChildThatIsJustBeingStoredIsDeletedWithItsParent() throws Exception {
    processor.send("[" + start("agent", null) + "]");
    Future<?> batch = slowly(start("call", "agent"));

    Future<Boolean> deletion = threads.submit(() -> people.delete(RunIds.derive("agent")));
    awaitWaiting();
    finish(batch, deletion);

    assertTrue(deletion.get());
    assertEquals(0, people.rows("SELECT 1 FROM run WHERE project_id = $1").size());
  }

  @Test
  void editsOfRunsThatComeMeanwhileAreNeverLost() throws Exception {
    int runs = 40;
    Callable<Void> storing =
        () -> {
          for (int i = 0; i < runs; i++) {
            processor.writeUntilStored(processor.records("[" + start("run-" + i, null) + "]"));
          }
          return null;
        };
    Callable<Void> editing =
        () -> {
          for (int i = 0; i < runs; i++) {
            people.edit(RunIds.derive("run-" + i), TAGS);
          }
          return null;
        };

    for (Future<Void> done : threads.invokeAll(List.of(storing, editing))) {
      done.get();
    }

    assertEquals(
        runs, people.rows("SELECT 1 FROM run WHERE project_id = $1 AND tags = '{mine}'").size());
  }

  private Future<?> slowly(String events) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    Future<?> batch =
        threads.submit(
            () ->
                processor.writeSlowly(
                    processor.records("[" + events + "]"),
                    () -> {
                      held.countDown();
                      await(commit);
                    }));
    await(held);
    return batch;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWaiting() throws Exception {
    Eventually.holds(
        "somebody waits for the batch", () -> people.row(WAITING).getInteger("transactions") > 0);
  }

  private void finish(Future<?>... all) throws Exception {
    commit.countDown();
    for (Future<?> one : all) {
      one.get(20, TimeUnit.SECONDS);
    }
  }

  private JsonObject run(String id) {
    return people.row("SELECT * FROM run WHERE project_id = $1 AND id = $2", RunIds.derive(id));
  }

  private static String start(String id, String parent) {
    return """
        {"type":"llm","event":"start","runId":"%s","timestamp":"2026-11-20T10:00:01Z","input":"q"%s}"""
        .formatted(id, parent == null ? "" : ",\"parentRunId\":\"" + parent + "\"");
  }
}
