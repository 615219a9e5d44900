package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.Recount;
import dev.perilune.testkit.PostgresExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Figures are what a recount of the runs gives, and become it again when somebody spoils them. */
class RecountIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final long RECEIVED_AT = 1_795_000_100_000_000L;
  private static final int HISTORIES = 8;
  private static final Pattern NAMED = Pattern.compile("\"(run|thread|message|custom|nobody)-");

  private static final String NOT_ZERO =
      """
      SELECT to_jsonb(t) AS row FROM rollup_run t
       WHERE project_id = $1
         AND (runs, tagged, errors, ended, micros, prompt_tokens, completion_tokens,
              cached_prompt_tokens, cost, costed, thumbs_up, thumbs_down, user_runs, user_cost)
             <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
      UNION ALL
      SELECT to_jsonb(t) FROM rollup_latency t
       WHERE project_id = $1 AND (ended, histogram) <> (0, 0)
      UNION ALL
      SELECT to_jsonb(t) FROM rollup_label t
       WHERE project_id = $1 AND (runs, prompt_tokens, completion_tokens, cost) <> (0, 0, 0, 0)
      UNION ALL
      SELECT to_jsonb(t) FROM rollup_user t
       WHERE project_id = $1
         AND (runs, costed, prompt_tokens, completion_tokens, cost, hours, costed_hours)
             <> (0, 0, 0, 0, 0, 0, 0)
      UNION ALL
      SELECT to_jsonb(t) FROM external_user t
       WHERE project_id = $1
         AND (runs, costed, prompt_tokens, completion_tokens, cost) <> (0, 0, 0, 0, 0)
      """;

  private final Heard heard = new Heard();
  private PipelineTester pipeline;
  private Recount recount;

  @BeforeEach
  void open() {
    pipeline = new PipelineTester(POSTGRES.settings());
    recount = new Recount(POSTGRES.settings());
  }

  @AfterEach
  void close() {
    recount.close();
    pipeline.close();
  }

  @Test
  void whatIsOffIsToldAndMended() {
    pipeline.write(records());
    recount.verify(pipeline.project, heard);
    assertEquals(List.of(), heard.differences);

    spoil();
    recount.verify(pipeline.project, heard);
    assertTrue(heard.tells("runs by hour"), heard.differences.toString());
    assertTrue(heard.tells("latency by day"), heard.differences.toString());
    assertTrue(heard.tells("tag "), heard.differences.toString());
    assertTrue(heard.tells("user "), heard.differences.toString());
    assertTrue(heard.tells("total of user "), heard.differences.toString());

    recount.mend(pipeline.project, heard);
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    Heard again = new Heard();
    recount.mend(pipeline.project, again);
    assertEquals(0, again.off);
  }

  @Test
  void aRecountBesideProcessorsLosesAndDoublesNothing() throws Exception {
    List<SourceRecord> records = records();
    int first = records.size() / 4;
    pipeline.write(records.subList(0, first));
    spoil();

    AtomicInteger processing = new AtomicInteger(PipelineTester.PARTITIONS);
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < PipelineTester.PARTITIONS; i++) {
      int partition = i;
      work.add(
          () -> {
            PipelineTester processor = pipeline.beside();
            try {
              for (SourceRecord record : records.subList(first, records.size())) {
                if (record.partition() == partition) {
                  processor.writeUntilStored(List.of(record));
                }
              }
            } finally {
              processing.decrementAndGet();
              processor.release();
            }
            return null;
          });
    }
    work.add(
        () -> {
          do {
            recount.mend(pipeline.project, heard);
          } while (processing.get() > 0);
          return null;
        });
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }
    threads.shutdown();

    assertTrue(heard.off > 0);
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
  }

  @Test
  void whatJavaAddsSqlTakesAwayToTheLastDigit() {
    pipeline.write(records());

    addStored(-1);
    assertEquals("[]", pipeline.rows(NOT_ZERO).encode());

    addStored(1);
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
  }

  @Test
  void aDeletedRunCountsNowhereWhateverIsStillToldOfIt() {
    pipeline.send(
        """
        [{"type":"llm","event":"start","runId":"gone","name":"gpt-4o","userId":"u","tags":["t"],
          "timestamp":"2026-11-20T10:00:00Z"}]""");
    addStored(-1);
    pipeline.change("UPDATE run SET is_deleted = true WHERE project_id = $1");

    pipeline.send(
        """
        [{"type":"llm","event":"end","runId":"gone","tokensUsage":{"prompt":5,"completion":6},
          "userId":"other","timestamp":"2026-11-20T10:00:05Z"},
         {"event":"feedback","runId":"gone","feedback":{"thumb":"up"}}]""");

    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    assertEquals(
        0,
        pipeline
            .row("SELECT sum(runs)::integer AS runs FROM rollup_run WHERE project_id = $1")
            .getInteger("runs"));
  }

  private List<SourceRecord> records() {
    List<String> events = new ArrayList<>();
    for (int seed = 1; seed <= HISTORIES; seed++) {
      // ids of one history must mean nothing in the others
      String own = "\"$1-%d-".formatted(seed);
      Histories.events(seed).forEach(event -> events.add(NAMED.matcher(event).replaceAll(own)));
    }
    return pipeline.records("[" + String.join(",\n", events) + "]", RECEIVED_AT);
  }

  private void addStored(int sign) {
    pipeline.row(
        """
        SELECT rollup_add(%d, $1, (SELECT array_agg(id) FROM run WHERE project_id = $1)) IS NULL
        """
            .formatted(sign));
  }

  private void spoil() {
    pipeline.change("DELETE FROM rollup_run WHERE project_id = $1 AND type = 'llm'");
    pipeline.change("UPDATE rollup_latency SET histogram = histogram + 7 WHERE project_id = $1");
    pipeline.change("UPDATE rollup_label SET runs = runs + 1 WHERE project_id = $1");
    pipeline.change("DELETE FROM rollup_user WHERE project_id = $1 AND user_id % 2 = 0");
    pipeline.change("UPDATE external_user SET cost = cost + 1 WHERE project_id = $1");
  }

  /** Keeps what a recount tells. */
  private static final class Heard implements Recount.Listener {
    private final List<String> differences = new ArrayList<>();
    private long off;

    @Override
    public void project(ProjectId project) {}

    @Override
    public void day(Instant day, long offOfDay) {
      off += offOfDay;
    }

    @Override
    public void users(long offUsers) {
      off += offUsers;
    }

    @Override
    public void difference(String place, String difference) {
      differences.add(place);
    }

    private boolean tells(String beginning) {
      return differences.stream().anyMatch(place -> place.startsWith(beginning));
    }
  }
}
