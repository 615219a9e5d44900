package dev.perilune.standalone.crash;

import dev.perilune.model.RunIds;
import dev.perilune.standalone.crash.Chapter.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells one chapter: calls, agents, conversations and judgements with a known outcome. */
final class Stories {
  /** Prices that ship with the product, in USD per million tokens. */
  private static final List<Model> MODELS =
      List.of(
          new Model("gpt-4.1-mini", "0.4", "1.6"),
          new Model("gpt-4.1-nano", "0.1", "0.4"),
          new Model("claude-3-haiku", "0.25", "1.25"),
          new Model("o1", "15", "60"));

  private static final int STORIES = 12;
  private static final int USERS = 40;
  private static final Duration FAR = Duration.ofDays(20);

  private final Random random;
  private final String prefix;
  private final Chapter chapter = new Chapter();
  private Instant clock;
  private int named;

  private record Model(String name, String inputUsd, String outputUsd) {
    BigDecimal cost(int prompt, int completion) {
      BigDecimal input = new BigDecimal(inputUsd).multiply(BigDecimal.valueOf(prompt));
      BigDecimal output = new BigDecimal(outputUsd).multiply(BigDecimal.valueOf(completion));
      return input.add(output).movePointLeft(6);
    }
  }

  private Stories(long seed, int number, Instant begin) {
    this.random = new Random(seed * 1_000_003 + number);
    this.prefix = seed + "-" + number + "-";
    this.clock = begin;
  }

  /** The same chapter for the same arguments. */
  static Chapter chapter(long seed, int number, Instant begin) {
    Stories stories = new Stories(seed, number, begin.plusSeconds(number));
    for (int i = 0; i < STORIES; i++) {
      stories.tell();
    }
    return stories.chapter;
  }

  private void tell() {
    Instant before = clock;
    if (random.nextInt(20) == 0) {
      // so long ago that the row is not where its time of arrival suggests
      clock = clock.minus(FAR);
    }
    switch (random.nextInt(5)) {
      case 0, 1 -> call(null, null, user());
      case 2, 3 -> agent(null, null, user());
      default -> conversation();
    }
    clock = before;
  }

  private void agent(@Nullable String parent, @Nullable String parentType, @Nullable String user) {
    String id = id("agent");
    chapter.runs.put(
        uuid(id), facts("agent", "success", parent, parentType).by(user).saying("go", "done"));
    String own = parentType == null ? user : null;
    add("agent", "start", id, parent(parent) + user(own) + ",\"input\":\"go\"", own);
    int steps = 1 + random.nextInt(3);
    for (int i = 0; i < steps; i++) {
      if (random.nextInt(3) == 0) {
        tool(id, user);
      } else {
        call(id, "agent", user);
      }
    }
    add("agent", "end", id, ",\"output\":\"done\"", null);
  }

  private void tool(String parent, @Nullable String user) {
    String id = id("tool");
    chapter.runs.put(
        uuid(id), facts("tool", "success", parent, "agent").by(user).saying("find", "found"));
    add("tool", "start", id, parent(parent) + ",\"input\":\"find\"", null);
    call(id, "tool", user);
    add("tool", "end", id, ",\"output\":\"found\"", null);
  }

  /** {@code user} is that of the root, which the call counts for whatever it says itself. */
  private void call(@Nullable String parent, @Nullable String parentType, @Nullable String user) {
    String id = id("call");
    String said = parent == null ? user : random.nextInt(4) == 0 ? user() : null;
    String countsFor = user == null ? said : user;
    Model model = MODELS.get(random.nextInt(MODELS.size()));
    String start = ",\"name\":\"%s\",\"input\":\"q %s\"".formatted(model.name(), id);
    add("llm", "start", id, parent(parent) + user(said) + start, said);
    int fate = random.nextInt(12);
    String status = fate == 0 ? "started" : fate == 1 ? "error" : "success";
    RunFacts run = facts("llm", status, parent, parentType).by(countsFor).saying("q " + id, null);
    if (fate == 1) {
      add("llm", "error", id, ",\"error\":{\"message\":\"m\"}", null);
    } else if (fate > 1) {
      int prompt = 1 + random.nextInt(9_000);
      int completion = 1 + random.nextInt(2_000);
      String usage =
          ",\"tokensUsage\":{\"prompt\":%d,\"completion\":%d}".formatted(prompt, completion);
      add("llm", "end", id, ",\"output\":\"a %s\"".formatted(id) + usage, null);
      run =
          run.saying("q " + id, "a " + id)
              .costing(prompt, completion, model.cost(prompt, completion));
    }
    chapter.runs.put(uuid(id), run.judged(judgement(id)));
  }

  /** The thumb that remains: the later of two judgements counts, and null takes it away. */
  private @Nullable String judgement(String id) {
    String thumb = null;
    for (int count = random.nextInt(3); count > 0; count--) {
      thumb = random.nextBoolean() ? "up" : random.nextBoolean() ? "down" : null;
      String json = thumb == null ? "null" : "\"" + thumb + "\"";
      String more = ",\"feedback\":{\"thumb\":%s}".formatted(json);
      chapter.events.add(new Event(json(null, "feedback", id, more), null));
    }
    return thumb;
  }

  private void conversation() {
    String thread = id("thread");
    String user = user();
    String first = null;
    int exchanges = 1 + random.nextInt(3);
    for (int i = 0; i < exchanges; i++) {
      String question = message(thread, "user", user, false);
      first = first == null ? text(question) : first;
      if (random.nextInt(3) == 0) {
        agent(question, "chat", user);
      }
      String answer = message(thread, "assistant", user, false);
      exchange(thread, user, text(question), answer, null, List.of(question, answer));
      if (random.nextInt(4) == 0) {
        String retry = message(thread, "assistant", user, true);
        exchange(thread, user, text(question), retry, uuid(answer), List.of(retry));
      }
    }
    String last = text(lastMessage);
    chapter.runs.put(uuid(thread), RunFacts.of("thread", null).by(user).saying(last, null));
  }

  private String lastMessage = "";

  private String message(String thread, String role, @Nullable String user, boolean retry) {
    String id = id("message");
    lastMessage = id;
    String message =
        ",\"message\":{\"role\":\"%s\",\"content\":\"%s\",\"isRetry\":%b}"
            .formatted(role, text(id), retry);
    add("thread", "chat", id, parent(thread) + user(user) + message, user);
    return id;
  }

  private void exchange(
      String thread,
      @Nullable String user,
      String question,
      String answer,
      @Nullable UUID retryOf,
      List<String> messages) {
    RunFacts run = facts("chat", null, thread, "thread").by(user).retrying(retryOf);
    // any of its messages may be judged
    String judged = messages.get(random.nextInt(messages.size()));
    chapter.runs.put(uuid(answer), run.saying(question, text(answer)).judged(judgement(judged)));
    messages.forEach(message -> chapter.messages.put(uuid(message), uuid(answer)));
  }

  private static String text(String message) {
    return "said in " + message;
  }

  private void add(String type, String event, String id, String more, @Nullable String user) {
    String json = json(type, event, id, more);
    chapter.seen(user, clock);
    chapter.events.add(new Event(json, uuid(id)));
  }

  private String json(@Nullable String type, String event, String id, String more) {
    clock = clock.plusMillis(11 + random.nextInt(90));
    String typed = type == null ? "" : "\"type\":\"" + type + "\",";
    return "{%s\"event\":\"%s\",\"runId\":\"%s\",\"timestamp\":\"%s\"%s}"
        .formatted(typed, event, id, clock, more);
  }

  private @Nullable String user() {
    int number = random.nextInt(USERS);
    return number < USERS / 4 ? null : "user-" + number;
  }

  private static String user(@Nullable String user) {
    return user == null ? "" : ",\"userId\":\"" + user + "\"";
  }

  private static String parent(@Nullable String parent) {
    return parent == null ? "" : ",\"parentRunId\":\"" + parent + "\"";
  }

  private String id(String kind) {
    return prefix + kind + "-" + named++;
  }

  private static UUID uuid(String id) {
    UUID uuid = RunIds.derive(id);
    if (uuid == null) {
      throw new IllegalArgumentException("An id is not empty");
    }
    return uuid;
  }

  private static RunFacts facts(
      String type, @Nullable String status, @Nullable String parent, @Nullable String parentType) {
    return RunFacts.of(type, status).under(parent == null ? null : uuid(parent), parentType);
  }
}
