package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.model.RunIds;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of different processors that meet at the same run, step by step. */
class ConcurrentBatchesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String WAITING =
      """
      SELECT count(*) AS transactions
        FROM pg_stat_activity
       WHERE $1::uuid IS NOT NULL AND datname = current_database() AND wait_event_type = 'Lock'
      """;

  private final ExecutorService processors = Executors.newCachedThreadPool();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch commit = new CountDownLatch(1);
  private PipelineTester one;
  private PipelineTester two;
  private PipelineTester three;

  @BeforeEach
  void open() {
    one = new PipelineTester(POSTGRES.settings());
    two = new PipelineTester(POSTGRES.settings());
    three = new PipelineTester(POSTGRES.settings());
    two.project = one.project;
    three.project = one.project;
  }

  @AfterEach
  void close() {
    commit.countDown();
    processors.shutdownNow();
    assertEquals("[]", one.figuresThatAreOff().encode());
    one.close();
    two.close();
    three.close();
  }

  @Test
  void feedbackThatArrivesBesideItsMessageOutlivesALateQuestion() throws Exception {
    String feedback = "{\"event\":\"feedback\",\"runId\":\"%s\",\"feedback\":{\"thumb\":\"up\"}}";
    send(one, feedback.formatted("unknown"));
    // holds the row of the other id, where the batch of the feedback has to wait
    Future<?> slow = processors.submit(() -> slowly(one, feedback.formatted("unknown")));
    awaitHeld();
    Future<?> judging =
        processors.submit(
            () -> send(two, feedback.formatted("answer") + "," + feedback.formatted("unknown")));
    awaitWaiting();
    send(three, message("answer", "assistant", 2));
    finish(slow, judging);

    send(one, message("question", "user", 1));

    assertEquals(new JsonObject().put("thumb", "up"), run("answer").getJsonObject("feedback"));
  }

  @Test
  void aParentThatArrivesBesideAnEndForgetsNothingOfIt() throws Exception {
    send(one, call("start", 1, "\"parentRunId\":\"agent\",\"name\":\"gpt-4o\",\"input\":\"q\""));
    Future<?> slow = processors.submit(() -> slowly(one, call("end", 9, usage(100))));
    awaitHeld();
    Future<?> linking =
        processors.submit(
            () ->
                send(
                    two,
                    """
                    {"type":"agent","event":"start","runId":"agent","userId":"u",
                     "timestamp":"2026-11-20T10:00:00Z"}"""));
    awaitWaiting();
    finish(slow, linking);

    // an earlier end must not win over the one that is stored
    send(one, call("end", 5, usage(7)));

    JsonObject call = run("call");
    assertEquals("agent", call.getString("parent_type"));
    assertEquals(100, call.getInteger("prompt_tokens"));
    assertEquals("2026-11-20T10:00:09+00:00", call.getString("ended_at"));
  }

  @Test
  void aParentThatCommitsLongAfterItsChildIsStillFound() throws Exception {
    // the child's batch begins first and ends first; neither sees the other
    CountDownLatch parentIsWritten = new CountDownLatch(1);
    CountDownLatch childIsWritten = new CountDownLatch(1);
    Future<?> child =
        processors.submit(
            () ->
                two.writeSlowly(
                    two.records("[" + call("start", 1, "\"parentRunId\":\"agent\"") + "]"),
                    () -> {
                      childIsWritten.countDown();
                      await(parentIsWritten);
                    }));
    await(childIsWritten);
    Future<?> parent =
        processors.submit(
            () ->
                slowly(
                    one,
                    """
                    {"type":"agent","event":"start","runId":"agent",
                     "timestamp":"2026-11-20T10:00:00Z"}"""));
    awaitHeld();
    parentIsWritten.countDown();
    child.get(20, TimeUnit.SECONDS);
    three.settle();
    finish(parent);

    three.settleAll();

    assertEquals("agent", run("call").getString("parent_type"));
  }

  private void slowly(PipelineTester processor, String events) {
    processor.writeSlowly(
        processor.records("[" + events + "]"),
        () -> {
          held.countDown();
          await(commit);
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertEquals(true, latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitHeld() throws InterruptedException {
    assertEquals(true, held.await(20, TimeUnit.SECONDS));
  }

  private void awaitWaiting() throws Exception {
    Eventually.holds(
        "a transaction waits for the slow one",
        () -> three.row(WAITING).getInteger("transactions") > 0);
  }

  private void finish(Future<?>... batches)
      throws InterruptedException, ExecutionException, TimeoutException {
    commit.countDown();
    for (Future<?> batch : batches) {
      batch.get(20, TimeUnit.SECONDS);
    }
  }

  private static void send(PipelineTester processor, String events) {
    assertEquals(List.of(), processor.send("[" + events + "]"));
  }

  private JsonObject run(String id) {
    return one.row("SELECT * FROM run WHERE project_id = $1 AND id = $2", RunIds.derive(id));
  }

  private static String usage(int prompt) {
    return "\"output\":\"a\",\"tokensUsage\":{\"prompt\":%d,\"completion\":1}".formatted(prompt);
  }

  private static String call(String event, int second, String more) {
    return """
        {"type":"llm","event":"%s","runId":"call","timestamp":"2026-11-20T10:00:0%dZ",%s}"""
        .formatted(event, second, more);
  }

  private static String message(String id, String role, int second) {
    return """
        {"type":"thread","event":"chat","runId":"%s","parentRunId":"thread",
         "timestamp":"2026-11-20T10:00:0%dZ","message":{"role":"%s","content":"c"}}"""
        .formatted(id, second, role);
  }
}
