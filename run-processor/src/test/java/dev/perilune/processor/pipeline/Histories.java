package dev.perilune.processor.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Invents what applications do: agents with children, model calls, conversations, judgements. */
final class Histories {
  private static final long BEGIN_MILLIS = 1_795_000_000_000L;

  /** Some scenes are of another week, and far from the time that they are received at. */
  private static final long FAR_MILLIS = Duration.ofDays(20).toMillis();

  private final Random random;
  private final List<String> events = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private long clock = BEGIN_MILLIS;
  private int named;

  private Histories(long seed) {
    random = new Random(seed);
  }

  /** The events of one history, scene by scene, as JSON. */
  static List<String> events(long seed) {
    Histories history = new Histories(seed);
    int scenes = 1 + history.random.nextInt(4);
    for (int i = 0; i < scenes; i++) {
      long far = history.random.nextInt(3) == 0 ? FAR_MILLIS : 0;
      history.clock -= far;
      if (history.random.nextBoolean()) {
        history.trace(null, 0);
      } else {
        history.conversation();
      }
      history.clock += far;
    }
    return history.events;
  }

  private void trace(String parent, int depth) {
    String id = id("run");
    String type = List.of("agent", "llm", "tool", "chain").get(random.nextInt(4));
    int copies = random.nextInt(12) == 0 ? 0 : random.nextInt(6) == 0 ? 3 : 1;
    advance();
    for (int i = 0; i < copies; i++) {
      start(type, id, parent, copies > 1);
    }
    int children = depth > 2 ? 0 : random.nextInt(3);
    for (int i = 0; i < children; i++) {
      trace(random.nextInt(10) == 0 ? "nobody-" + random.nextInt(3) : id, depth + 1);
    }
    if (type.equals("llm") && random.nextInt(4) == 0) {
      add("update", type, id, ",\"metadata\":{\"u\":%d}".formatted(random.nextInt(9)));
    }
    for (int i = random.nextInt(12) - 8; i > 0; i--) {
      add(
          "supplement",
          type,
          id,
          some(",\"input\":[{\"role\":\"user\",\"content\":\"l%d\"}]".formatted(random.nextInt(99)))
              + some(
                  ",\"output\":{\"content\":\"l%d\"},\"choice\":%d"
                      .formatted(random.nextInt(99), random.nextInt(3)))
              + some(",\"params\":{\"n\":%d,\"temperature\":2}".formatted(random.nextInt(9)))
              + some(",\"error\":{\"message\":\"l%d\"}".formatted(random.nextInt(9)))
              + some(
                  ",\"metadata\":{\"a\":\"l%d\",\"finishReasons\":[\"l\"]}"
                      .formatted(random.nextInt(9)))
              + some(",\"tokensUsage\":{\"prompt\":%d}".formatted(random.nextInt(50))));
    }
    for (int i = random.nextInt(6) - 4; i > 0; i--) {
      add(
          "score",
          type,
          id,
          ",\"score\":{\"label\":\"s%d\",\"value\":%d%s}"
              .formatted(random.nextInt(2), random.nextInt(9), some(",\"comment\":\"because\"")));
    }
    int ends = random.nextInt(10) == 0 ? 2 : random.nextInt(8) == 0 ? 0 : 1;
    for (int i = 0; i < ends; i++) {
      end(type, id);
    }
    judgements();
  }

  /** Copies of a span begin together and say when the span ended. */
  private void start(String type, String id, String parent, boolean isCopy) {
    addNow(
        "start",
        type,
        id,
        (parent == null ? "" : ",\"parentRunId\":\"%s\"".formatted(parent))
            + some(",\"name\":\"gpt-4o\"")
            + some(
                ",\"input\":[{\"role\":\"user\",\"content\":\"q%d\"}]".formatted(random.nextInt(9)))
            + some(",\"tags\":[\"s%d\",\"both\"]".formatted(random.nextInt(3)))
            + some(",\"metadata\":{\"a\":%d,\"b\":\"s\"}".formatted(random.nextInt(9)))
            + (isCopy ? some(",\"templateVersionId\":%d".formatted(1 + random.nextInt(3))) : "")
            + some(",\"params\":{\"temperature\":0.%d}".formatted(1 + random.nextInt(9)))
            + some(",\"tokensUsage\":{\"prompt\":5,\"completion\":6}")
            + (isCopy
                ? ",\"spanEndedAt\":%d".formatted(1_795_000_000_000L + random.nextInt(3))
                : "")
            + user());
  }

  private void end(String type, String id) {
    if (random.nextInt(6) == 0) {
      add(
          "error",
          type,
          id,
          ",\"error\":{\"message\":\"%s\"}"
                  .formatted(random.nextBoolean() ? "Unknown error" : "m" + random.nextInt(9))
              + user());
      return;
    }
    add(
        "end",
        random.nextInt(8) == 0 ? "chain" : type,
        id,
        some(",\"output\":{\"content\":\"o%d\"}".formatted(random.nextInt(9)))
            + some(
                ",\"tokensUsage\":{\"prompt\":%d,\"completion\":3}".formatted(random.nextInt(50)))
            + some(",\"tags\":[\"e%d\",\"both\"]".formatted(random.nextInt(3)))
            + some(",\"metadata\":{\"b\":\"e\",\"c\":%d}".formatted(random.nextInt(9)))
            + (random.nextInt(6) == 0 ? ",\"input\":\"late\"" : "")
            + (random.nextInt(6) == 0 ? ",\"name\":\"other\"" : "")
            + user());
  }

  private void conversation() {
    String thread = id("thread");
    int messages = 1 + random.nextInt(7);
    String lastRole = null;
    for (int i = 0; i < messages; i++) {
      if (random.nextInt(7) == 0) {
        add(
            "custom-event",
            "thread",
            id("custom"),
            ",\"parentRunId\":\"%s\",\"name\":\"clicked\",\"metadata\":{\"x\":1}".formatted(thread)
                + user());
        lastRole = null;
        continue;
      }
      String role =
          List.of("user", "assistant", "user", "assistant", "system", "tool", "odd")
              .get(random.nextInt(7));
      boolean retry = random.nextInt(6) == 0;
      // some applications use one id for a question and its answer
      boolean answers = role.equals("assistant") && "user".equals(lastRole) && !retry;
      String message = answers && random.nextBoolean() ? last() : id("message");
      lastRole = role;
      add(
          "chat",
          "thread",
          message,
          ",\"parentRunId\":\"%s\"".formatted(thread)
              + some(",\"threadTags\":[\"t%d\"]".formatted(random.nextInt(3)))
              + (random.nextInt(6) == 0 ? ",\"feedback\":{\"comment\":\"said\"}" : "")
              + user()
              + ",\"message\":{\"role\":\"%s\",\"content\":\"c%d\"%s%s}"
                  .formatted(
                      role,
                      random.nextInt(99),
                      retry ? ",\"isRetry\":true" : "",
                      some(
                          ",\"tags\":[\"m\"],\"metadata\":{\"k\":%d}"
                              .formatted(random.nextInt(9)))));
      if (random.nextInt(3) == 0) {
        trace(message, 1);
      }
    }
    judgements();
  }

  private void judgements() {
    int count = random.nextInt(3);
    for (int i = 0; i < count && !ids.isEmpty(); i++) {
      String thumb = List.of("\"up\"", "\"down\"", "null").get(random.nextInt(3));
      add(
          "feedback",
          null,
          ids.get(random.nextInt(ids.size())),
          ",\"feedback\":{\"thumb\":%s%s}".formatted(thumb, some(",\"comment\":\"c\"")));
    }
  }

  private String last() {
    return ids.stream().filter(id -> id.startsWith("message")).reduce((a, b) -> b).orElseThrow();
  }

  private String id(String kind) {
    String id = kind + "-" + named++;
    ids.add(id);
    return id;
  }

  private String user() {
    return random.nextInt(3) > 0
        ? ""
        : ",\"userId\":\"u%d\"%s"
            .formatted(
                random.nextInt(3), some(",\"userProps\":{\"p\":%d}".formatted(random.nextInt(99))));
  }

  private String some(String part) {
    return random.nextBoolean() ? part : "";
  }

  private void add(String event, String type, String id, String more) {
    advance();
    addNow(event, type, id, more);
  }

  private void advance() {
    clock += random.nextInt(4) == 0 ? 0 : random.nextInt(2000);
  }

  private void addNow(String event, String type, String id, String more) {
    events.add(
        "{\"event\":\"%s\",%s\"runId\":\"%s\",\"timestamp\":%d%s}"
            .formatted(event, type == null ? "" : "\"type\":\"" + type + "\",", id, clock, more));
  }
}
