package dev.perilune.benchmarks.generate;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes single runs with everything that reports of them would have brought. */
final class RunMaker {
  private static final int BYTES_PER_TOKEN = 4;
  private static final List<String> TAGS =
      List.of("production", "staging", "beta", "support", "sales", "v1.2", "v2.0", "à la carte");
  private static final List<String> TOOLS =
      List.of("search_orders", "get_weather", "send_email", "query_database", "lookup_price");
  private static final List<String> AGENTS =
      List.of("support-agent", "research agent", "order-bot", "summariser", "router");
  private static final List<String> FAILURES =
      List.of(
          "Rate limit reached for requests",
          "The server had an error while processing the request",
          "Request timed out after 30 s",
          "This model's maximum context length is exceeded");

  private final Random random;
  private final Words words;
  private final Models models;
  private final List<Long> users;

  RunMaker(Random random, Words words, Models models, List<Long> users) {
    this.random = random;
    this.words = words;
    this.models = models;
    this.users = users;
  }

  UUID newId() {
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    return new UUID(high, random.nextLong() & ~(3L << 62) | 1L << 63);
  }

  GeneratedRun call(long start, @Nullable GeneratedRun parent, int inputBytes, int outputBytes) {
    GeneratedRun run = new GeneratedRun(newId(), "llm", start);
    run.name = models.chat(random);
    run.input =
        "[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
            + message("user", inputBytes - 90)
            + "]";
    run.promptTokens = run.input.length() / BYTES_PER_TOKEN + random.nextInt(200);
    run.params = "{\"temperature\":0." + random.nextInt(10) + ",\"max_tokens\":1024}";
    String stamp = begin(run, parent);
    finish(run, (300 + random.nextInt(9_000)) * 1_000L);
    if (run.error == null) {
      run.output = message("assistant", outputBytes - 40);
      run.completionTokens = run.output.length() / BYTES_PER_TOKEN + random.nextInt(50);
      run.cachedTokens = random.nextInt(4) == 0 ? run.promptTokens / 2 : 0;
    } else {
      run.promptTokens = null;
    }
    fold(run, stamp);
    return run;
  }

  GeneratedRun embedding(long start, @Nullable GeneratedRun parent, int inputBytes) {
    GeneratedRun run = new GeneratedRun(newId(), "embed", start);
    run.name = models.embedding(random);
    run.input = string(inputBytes);
    String stamp = begin(run, parent);
    finish(run, (20 + random.nextInt(200)) * 1_000L);
    run.promptTokens = run.error == null ? run.input.length() / BYTES_PER_TOKEN : null;
    fold(run, stamp);
    return run;
  }

  /** An agent, a chain, a tool or a retriever. */
  GeneratedRun step(String type, long start, long micros, @Nullable GeneratedRun parent) {
    GeneratedRun run = new GeneratedRun(newId(), type, start);
    List<String> names = type.equals("agent") || type.equals("chain") ? AGENTS : TOOLS;
    run.name = names.get(random.nextInt(names.size()));
    run.input = "{\"query\":" + string(700 + random.nextInt(500)) + "}";
    String stamp = begin(run, parent);
    finish(run, micros / 2 + random.nextInt((int) micros));
    run.output = run.error == null ? string(300 + random.nextInt(300)) : null;
    fold(run, stamp);
    return run;
  }

  GeneratedRun thread(long start, long last) {
    GeneratedRun run = new GeneratedRun(newId(), "thread", start);
    run.user = users.get(random.nextInt(users.size()));
    run.ownUser = run.user;
    run.tags = random.nextInt(4) == 0 ? tags() : null;
    run.fold = "{\"tf\":%s,\"tl\":%s,\"tu\":%s}".formatted(stamp(start), stamp(last), stamp(start));
    return run;
  }

  /** A question with its answer, or a custom event. */
  GeneratedRun exchange(String type, UUID id, long start, long end, GeneratedRun thread) {
    GeneratedRun run = new GeneratedRun(id, type, start);
    run.endMicros = end;
    run.parent = thread.id;
    run.parentType = thread.type;
    run.user = thread.user;
    run.ownUser = thread.user;
    run.fold = "{\"x\":true}";
    return run;
  }

  /** A message of a chat as JSON, whose text has about that many bytes. */
  String message(String role, int bytes) {
    return "{\"role\":\"" + role + "\",\"content\":" + string(bytes) + "}";
  }

  private String string(int bytes) {
    StringBuilder text = new StringBuilder(bytes + 32).append('"');
    words.text(random, bytes / 2 + random.nextInt(bytes), text);
    return text.append('"').toString();
  }

  private String begin(GeneratedRun run, @Nullable GeneratedRun parent) {
    if (parent == null) {
      run.user = users.get(random.nextInt(users.size()));
      run.ownUser = run.user;
      run.agent = run.type.equals("agent") || run.type.equals("chain") ? run.name : null;
    } else {
      run.parent = parent.id;
      run.parentType = parent.type;
      run.user = parent.user;
      run.agent = parent.agent;
    }
    run.tags = random.nextInt(3) == 0 ? tags() : null;
    run.metadata =
        "{\"environment\":\"%s\",\"release\":\"2026.%d\",\"tenant\":\"t-%d\"}"
            .formatted(
                random.nextInt(5) > 0 ? "production" : "staging",
                1 + random.nextInt(9),
                random.nextInt(200));
    return stamp(run.startMicros);
  }

  private void finish(GeneratedRun run, long micros) {
    run.endMicros = run.startMicros + micros;
    boolean failed = random.nextInt(100) < 3;
    run.status = failed ? "error" : "success";
    if (failed) {
      run.error =
          "{\"message\":\"%s\",\"stack\":\"Error\\n    at call\"}"
              .formatted(FAILURES.get(random.nextInt(FAILURES.size())));
    }
  }

  private void fold(GeneratedRun run, String start) {
    String end = stamp(run.endMicros == null ? run.startMicros : run.endMicros);
    StringBuilder fold = new StringBuilder("{\"s\":").append(start).append(",\"d\":").append(end);
    fold.append(run.error == null ? ",\"o\":" : ",\"e\":").append(end);
    if (run.promptTokens != null) {
      fold.append(
          ",\"u\":[%s,%d,%d,%d]"
              .formatted(end, run.promptTokens, run.completionTokens, run.cachedTokens));
    }
    if (random.nextInt(20) == 0) {
      String thumb = random.nextInt(4) == 0 ? "\"down\"" : "\"up\"";
      run.feedback = "{\"thumb\":" + thumb + "}";
      fold.append(",\"f\":{\"thumb\":[%s,\"%s\"]}".formatted(end, thumb.replace("\"", "\\\"")));
    }
    run.fold = fold.append('}').toString();
  }

  private String tags() {
    String first = TAGS.get(random.nextInt(TAGS.size()));
    String second = TAGS.get(random.nextInt(TAGS.size()));
    return first.equals(second) ? "{\"" + first + "\"}" : "{\"" + first + "\",\"" + second + "\"}";
  }

  private String stamp(long micros) {
    return "[" + micros + ",0," + random.nextLong() + "]";
  }
}
