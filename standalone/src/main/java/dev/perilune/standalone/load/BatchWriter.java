package dev.perilune.standalone.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Writes requests of JSON events by copying bytes, so that the generator takes little of a machine
 * that it shares with what it measures. Ids are random, and so are the words of inputs and outputs.
 *
 * <p>For use by one thread.
 */
final class BatchWriter {
  private static final int SHORTEST_RUN_MILLIS = 800;

  private final LoadPlan plan;
  private final SplittableRandom random;
  private final Words words;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The same seed gives the same requests, but for their times. */
  BatchWriter(LoadPlan plan, long seed) {
    this.plan = plan;
    this.random = new SplittableRandom(seed);
    this.words = new Words(random, Math.max(plan.inputBytes(), plan.outputBytes()));
  }

  /** The next request: all starts, then all ends, in order of time. */
  RunBatch next(long nowMillis) {
    List<UUID> runs = new ArrayList<>(plan.runsPerRequest());
    long lasted = Math.max(SHORTEST_RUN_MILLIS, plan.runsPerRequest());
    long first = nowMillis - 2 * lasted;
    out.reset();
    text("{\"events\":[");
    for (int i = 0; i < plan.runsPerRequest(); i++) {
      UUID run = new UUID(version4(random.nextLong()), variant(random.nextLong()));
      runs.add(run);
      start(run, first + i);
    }
    for (int i = 0; i < runs.size(); i++) {
      end(runs.get(i), first + lasted + i);
      text(i < runs.size() - 1 ? "," : "]}");
    }
    return new RunBatch(out.toByteArray(), runs.get(runs.size() - 1));
  }

  private void start(UUID run, long atMillis) {
    head("start", run, atMillis);
    text(",\"name\":\"gpt-4o\",\"input\":[{\"role\":\"user\",\"content\":\"");
    words.write(out, plan.inputBytes());
    text("\"}]},");
  }

  private void end(UUID run, long atMillis) {
    head("end", run, atMillis);
    text(",\"output\":{\"role\":\"assistant\",\"content\":\"");
    words.write(out, plan.outputBytes());
    text("\"},\"tokensUsage\":{\"prompt\":256,\"completion\":128}}");
  }

  private void head(String event, UUID run, long atMillis) {
    text("{\"type\":\"llm\",\"event\":\"");
    text(event);
    text("\",\"runId\":\"");
    text(run.toString());
    text("\",\"timestamp\":");
    text(Long.toString(atMillis));
  }

  private void text(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static long version4(long bits) {
    return bits & ~0xF000L | 0x4000L;
  }

  private static long variant(long bits) {
    return bits & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
  }
}
