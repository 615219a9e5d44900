package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.testkit.PropertyPostgres;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * What is stored depends on the set of events: not on order, repetition or split over batches.
 * Figures are always what a recount of the runs gives.
 *
 * <p>Every run of the tests invents other histories. A failure tells its history; {@code
 * -Djqwik.tries.default=500} tries more of them.
 */
class FoldPropertyIT {
  private static final long RECEIVED_AT = 1_795_000_100_000_000L;

  /** Everything that readers can see, without what differs between two projects by its nature. */
  private static final List<String> READABLE =
      List.of(
          """
          SELECT r.id, r.created_at, r.ended_at, r.type, r.name, r.status, r.parent_run_id,
                 r.parent_type, r.sibling_run_id, r.template_version_id, r.prompt_tokens,
                 r.completion_tokens, r.cached_prompt_tokens, r.counted, r.cost, r.price_id, r.tags,
                 r.metadata, r.feedback, r.runtime, r.agent, r.started,
                 p.input, p.output, p.error, p.params,
                 u.external_id AS user_name, o.external_id AS own_user
            FROM run r
            JOIN run_payload p ON p.project_id = r.project_id AND p.run_id = r.id
                              AND p.created_at = r.created_at
            LEFT JOIN external_user u ON u.project_id = r.project_id AND u.id = r.external_user_id
            LEFT JOIN external_user o ON o.project_id = r.project_id AND o.id = r.own_user_id
           WHERE r.project_id = $1 ORDER BY r.id, r.created_at
          """,
          """
          SELECT external_id, created_at, last_seen, props
            FROM external_user WHERE project_id = $1 ORDER BY external_id
          """,
          """
          SELECT id, run_id, run_created_at
            FROM run_alias WHERE project_id = $1 AND run_id IS NOT NULL ORDER BY id
          """,
          """
          SELECT run_id, label, value, comment, updated_at
            FROM run_score WHERE project_id = $1 ORDER BY run_id, label
          """,
          """
          SELECT parent_id, child_id
            FROM run_orphan WHERE project_id = $1 ORDER BY parent_id, child_id
          """,
          """
          SELECT thread_id, message_id, tie, run_id, opens
            FROM thread_message WHERE project_id = $1 ORDER BY thread_id, message_id, tie
          """);

  private static PropertyPostgres postgres;

  private PipelineTester pipeline;

  /** A history and everything that is decided by chance in its delivery, from one number. */
  record Story(long seed, List<String> events) {
    static Story of(long seed) {
      return new Story(seed, Histories.events(seed));
    }

    String body() {
      return "[" + String.join(",\n", events) + "]";
    }
  }

  @BeforeContainer
  static void start() {
    postgres = PropertyPostgres.start();
  }

  @AfterContainer
  static void stop() {
    postgres.close();
  }

  @BeforeTry
  void open() {
    pipeline = new PipelineTester(postgres.settings());
  }

  @AfterTry
  void close() {
    pipeline.close();
  }

  @Provide
  Arbitrary<Story> stories() {
    return Arbitraries.longs().between(1, Long.MAX_VALUE).map(Story::of);
  }

  @Property(
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE,
      generation = GenerationMode.RANDOMIZED)
  void anyDeliveryOfAHistoryIsStoredAsItsDeliveryInOrder(@ForAll("stories") Story story) {
    String body = story.body();

    pipeline.addProject();
    pipeline.write(pipeline.records(body, RECEIVED_AT));
    List<String> inOrder = readable();
    pipeline.addProject();
    deliverAnyhow(pipeline.records(body, RECEIVED_AT), new Random(story.seed()));

    assertEquals(String.join("\n", inOrder), String.join("\n", readable()), body);
  }

  @Property(
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE,
      generation = GenerationMode.RANDOMIZED)
  void processorsSideBySideStoreWhatOneWouldStore(@ForAll("stories") Story story) throws Exception {
    String body = story.body();
    pipeline.addProject();
    pipeline.write(pipeline.records(body, RECEIVED_AT));
    List<String> inOrder = readable();
    pipeline.addProject();
    List<SourceRecord> records = new ArrayList<>(pipeline.records(body, RECEIVED_AT));
    Collections.shuffle(records, new Random(story.seed()));

    List<Callable<Void>> processors = new ArrayList<>();
    for (int i = 0; i < PipelineTester.PARTITIONS; i++) {
      int partition = i;
      List<SourceRecord> own =
          records.stream().filter(record -> record.partition() == partition).toList();
      processors.add(() -> process(own, new Random(story.seed() + partition)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(PipelineTester.PARTITIONS);
    for (Future<Void> done : threads.invokeAll(processors)) {
      done.get();
    }
    threads.shutdown();
    pipeline.settleAll();

    assertEquals(String.join("\n", inOrder), String.join("\n", readable()), body);
  }

  /**
   * Batch by batch, looking for parents between them, now and then from an earlier offset again.
   */
  private Void process(List<SourceRecord> records, Random random) {
    PipelineTester processor = pipeline.beside();
    int from = 0;
    while (from < records.size()) {
      int to = Math.min(records.size(), from + 1 + random.nextInt(4));
      processor.writeUntilStored(records.subList(from, to));
      if (random.nextInt(3) == 0) {
        processor.settleUntilStored();
      }
      from = random.nextInt(8) == 0 ? Math.max(0, to - random.nextInt(6)) : to;
    }
    processor.release();
    return null;
  }

  private void deliverAnyhow(List<SourceRecord> records, Random random) {
    List<SourceRecord> shuffled = new ArrayList<>(records);
    records.stream().filter(record -> random.nextInt(3) == 0).forEach(shuffled::add);
    Collections.shuffle(shuffled, random);
    while (!shuffled.isEmpty()) {
      int size = Math.min(shuffled.size(), 1 + random.nextInt(6));
      assertEquals(List.of(), pipeline.write(List.copyOf(shuffled.subList(0, size))));
      shuffled.subList(0, size).clear();
    }
  }

  private List<String> readable() {
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    List<String> all = new ArrayList<>();
    for (String query : READABLE) {
      pipeline.rows(query).forEach(row -> all.add(row.toString()));
    }
    return all;
  }
}
