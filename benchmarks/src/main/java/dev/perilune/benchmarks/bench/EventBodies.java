package dev.perilune.benchmarks.bench;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** Bodies for the ingest route: LLM calls with about 1 KB of input and 0.5 KB of output. */
public final class EventBodies {
  private static final int INPUT_CHARACTERS = 1024;
  private static final int OUTPUT_CHARACTERS = 512;
  private static final String WORDS =
      "the model answers with what it has read about rivers trains letters music and the weather ";

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

  /** Words from a place of their own in each text, so that no two are alike. */
  private void text(StringBuilder body, int characters) {
    int end = body.length() + characters;
    int at = random.nextInt(WORDS.length());
    body.append(Long.toHexString(random.nextLong())).append(' ');
    while (body.length() < end) {
      body.append(WORDS.charAt(at++ % WORDS.length()));
    }
  }
}
