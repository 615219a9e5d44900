package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.perilune.processor.jobs.JobWorker;
import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.store.PriceSql;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecostedAsFoldedIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String COSTS =
      """
      SELECT id, cost, price_id, prompt_tokens, completion_tokens, counted
        FROM run WHERE project_id = $1 ORDER BY id
      """;

  private static final String SPOIL =
      """
      UPDATE run SET cost = coalesce(cost, 0) + 1, price_id = NULL
       WHERE project_id = $1 AND type IN ('llm', 'embed')
      """;

  private static final String START =
      "INSERT INTO job (org_id, type) SELECT org_id, 'refresh-costs' FROM project WHERE id = $1";

  private static void await(Database database, String sql, PipelineTester pipeline)
      throws TimeoutException {
    database.query(sql, Tuple.of(pipeline.project.value())).await(20, TimeUnit.SECONDS);
  }

  @Test
  void runsThatWereSpoiltGetBackWhatTheFoldGaveThem() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (PipelineTester pipeline = new PipelineTester(POSTGRES.settings())) {
      Database database = Database.open(vertx, POSTGRES.settings(), new Meters());
      PriceSql.ship(database, DefaultPrices.rows()).await(20, TimeUnit.SECONDS);
      pipeline.send("{\"events\":[%s]}".formatted(events()));
      JsonArray folded = pipeline.rows(COSTS);
      await(database, SPOIL, pipeline);
      assertNotEquals(folded, pipeline.rows(COSTS));
      await(database, START, pipeline);

      try (JobWorker worker = JobWorker.start(database, Duration.ofMillis(1))) {
        Eventually.holds(
            "job done by " + worker,
            () ->
                database
                        .query("SELECT FROM job WHERE status = 'done'", Tuple.tuple())
                        .await(20, TimeUnit.SECONDS)
                        .size()
                    == 1);
      }

      assertEquals(folded, pipeline.rows(COSTS));
      database.close().await(20, TimeUnit.SECONDS);
    }
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** Counted and reported tokens, cached ones, calls from a cache, errors, unknown models. */
  private static String events() {
    return String.join(
        ",",
        call("1", "llm", "gpt-4o", 2000, ""),
        call("2", "llm", "gpt-4o", 2000, ",\"tokensUsage\":{\"prompt\":1000,\"completion\":500}"),
        call(
            "3",
            "llm",
            "gpt-4o",
            2000,
            ",\"tokensUsage\":{\"prompt\":1000,\"completion\":500,\"promptCached\":400}"),
        call("4", "llm", "gpt-4o", 9, ""),
        call("5", "llm", "nobody-knows-it", 2000, ""),
        call("6", "embed", "text-embedding-3-small", 50, ",\"tokensUsage\":{\"prompt\":1000}"),
        call("7", "chain", "gpt-4o", 2000, ",\"tokensUsage\":{\"prompt\":1000}"),
        call("8", "llm", "tts-1", 2000, ""),
        call("9", "llm", "my-deployment", 2000, ",\"metadata\":{\"responseModel\":\"gpt-4o\"}"),
        call("a", "llm", "my-own", 2000, ",\"metadata\":{\"reportedCost\":0.25}"));
  }

  private static String call(String number, String type, String model, int millis, String usage) {
    String id = "aaaaaaaa-0000-4000-8000-00000000000" + number;
    long start = 1_746_100_000_000L;
    return """
    {"type":"%2$s","event":"start","runId":"%1$s","name":"%3$s","timestamp":%4$d,
     "input":[{"role":"user","content":"Hello world!"}]},
    {"type":"%2$s","event":"end","runId":"%1$s","timestamp":%5$d,"output":"Hi there"%6$s}
    """
        .formatted(id, type, model, start, start + millis, usage);
  }
}
