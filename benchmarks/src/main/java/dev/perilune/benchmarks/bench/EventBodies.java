package dev.perilune.benchmarks.bench;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Bodies for the ingest route: LLM calls with about 1 KB of input and 0.5 KB of output. */
public final class EventBodies {
  private static final int INPUT_CHARACTERS = 1024;
  private static final int OUTPUT_CHARACTERS = 512;
  private static final int WORDS = 4_000;
  private static final List<String> VOCABULARY = vocabulary();

  private final Random random;
  private final int eventsEach;

  /**
   * @param eventsEach even: a start and an end for each run; or 1: a start
   */
  public EventBodies(long seed, int eventsEach) {
    this.random = new Random(seed);
    this.eventsEach = eventsEach;
  }

  /** The next body; each has runs of its own. */
  public Buffer next() {
    StringBuilder body = new StringBuilder(eventsEach * 1200).append("{\"events\":[");
    for (int event = 0; event < eventsEach; event += 2) {
      UUID run = new UUID(random.nextLong(), random.nextLong());
      start(body.append(event == 0 ? "" : ","), run);
      if (eventsEach > 1) {
        end(body.append(","), run);
      }
    }
    return Buffer.buffer(body.append("]}").toString().getBytes(StandardCharsets.UTF_8));
  }

  private void start(StringBuilder body, UUID run) {
    body.append("{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"").append(run);
    body.append("\",\"timestamp\":\"").append(Instant.now());
    body.append("\",\"name\":\"gpt-4o\",\"userId\":\"user-").append(random.nextInt(1000));
    body.append("\",\"tags\":[\"bench\"],\"input\":[{\"role\":\"user\",\"content\":\"");
    text(body, INPUT_CHARACTERS);
    body.append("\"}],\"params\":{\"temperature\":0.5}}");
  }

  private void end(StringBuilder body, UUID run) {
    body.append("{\"type\":\"llm\",\"event\":\"end\",\"runId\":\"").append(run);
    body.append("\",\"timestamp\":\"").append(Instant.now());
    body.append("\",\"output\":{\"role\":\"assistant\",\"content\":\"");
    text(body, OUTPUT_CHARACTERS);
    body.append("\"},\"tokensUsage\":{\"prompt\":").append(200 + random.nextInt(100));
    body.append(",\"completion\":").append(100 + random.nextInt(50)).append("}}");
  }

  /** Words by chance, so that texts compress about as much as people's do. */
  private void text(StringBuilder body, int characters) {
    int end = body.length() + characters;
    while (body.length() < end) {
      body.append(VOCABULARY.get((int) (VOCABULARY.size() * Math.pow(random.nextDouble(), 2))));
      body.append(random.nextInt(12) == 0 ? ". " : " ");
    }
    body.setLength(end);
  }

  private static List<String> vocabulary() {
    Random random = new Random(42);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      StringBuilder word = new StringBuilder();
      int syllables = 1 + random.nextInt(4);
      for (int syllable = 0; syllable < syllables; syllable++) {
        word.append("bcdfghklmnprstvw".charAt(random.nextInt(16)));
        word.append("aeiou".charAt(random.nextInt(5)));
        word.append(random.nextBoolean() ? "" : String.valueOf("nrstl".charAt(random.nextInt(5))));
      }
      words.add(word.toString());
    }
    return words;
  }
}
