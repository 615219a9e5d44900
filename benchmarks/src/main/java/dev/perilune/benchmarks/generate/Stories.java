package dev.perilune.benchmarks.generate;

import dev.perilune.benchmarks.generate.RunTables.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Made-up use of LLM applications; each story is a few runs that belong together. */
final class Stories {
  private static final long SECOND = 1_000_000;
  private static final int INPUT_BYTES = 1_000;
  private static final int OUTPUT_BYTES = 500;

  private final Random random;
  private final RunMaker maker;
  private final RunTables tables;
  private int left;

  Stories(Random random, RunMaker maker, RunTables tables) {
    this.random = random;
    this.maker = maker;
    this.tables = tables;
  }

  /** Tells one story of at most so many runs that begins then; returns of how many it was. */
  int tell(long startMicros, int mostRuns) {
    left = mostRuns;
    int kind = random.nextInt(100);
    if (kind < 20) {
      agent(startMicros);
    } else if (kind < 34) {
      conversation(startMicros);
    } else if (kind < 46) {
      retrieval(startMicros);
    } else if (kind < 54) {
      add(maker.embedding(startMicros, null, INPUT_BYTES));
    } else {
      add(maker.call(startMicros, null, INPUT_BYTES, OUTPUT_BYTES));
    }
    return mostRuns - left;
  }

  /** One agent with that many runs in all, in three levels. */
  void largeTrace(long startMicros, int runs) {
    left = runs;
    GeneratedRun root = maker.step("agent", startMicros, 600 * SECOND, null);
    add(root);
    long at = startMicros;
    while (left > 0) {
      at += SECOND;
      GeneratedRun chain = maker.step("chain", at, 5 * SECOND, root);
      add(chain);
      for (int child = 0; child < 99 && left > 0; child++) {
        at += SECOND / 100;
        add(
            child % 3 == 0
                ? maker.step("tool", at, SECOND / 10, chain)
                : maker.call(at, chain, INPUT_BYTES, OUTPUT_BYTES));
      }
    }
  }

  private void agent(long startMicros) {
    GeneratedRun root = maker.step("agent", startMicros, 20 * SECOND, null);
    add(root);
    GeneratedRun parent = root;
    long at = startMicros + SECOND / 50;
    if (random.nextInt(3) == 0) {
      parent = maker.step("chain", at, 18 * SECOND, root);
      add(parent);
    }
    int turns = 1 + random.nextInt(3);
    for (int turn = 0; turn < turns; turn++) {
      add(maker.call(at, parent, INPUT_BYTES, OUTPUT_BYTES));
      at += 3 * SECOND;
      add(maker.step("tool", at, SECOND / 5, parent));
      at += SECOND;
    }
    add(maker.call(at, parent, 2 * INPUT_BYTES, OUTPUT_BYTES));
  }

  private void retrieval(long startMicros) {
    GeneratedRun chain = maker.step("chain", startMicros, 6 * SECOND, null);
    add(chain);
    add(maker.embedding(startMicros + SECOND / 100, chain, INPUT_BYTES / 4));
    add(maker.step("retriever", startMicros + SECOND / 5, SECOND / 20, chain));
    add(maker.call(startMicros + SECOND / 2, chain, INPUT_BYTES, OUTPUT_BYTES));
  }

  private void conversation(long startMicros) {
    if (left < 2) {
      add(maker.call(startMicros, null, INPUT_BYTES, OUTPUT_BYTES));
      return;
    }
    int exchanges = Math.min(left - 1, 1 + random.nextInt(4));
    long lastMicros = startMicros + exchanges * 30 * SECOND;
    GeneratedRun thread = maker.thread(startMicros, lastMicros);
    left--;
    for (int exchange = 0; exchange < exchanges; exchange++) {
      long at = startMicros + exchange * 30 * SECOND;
      if (random.nextInt(10) == 0) {
        event(thread, at);
      } else {
        exchange(thread, at);
      }
    }
    tables.add(thread);
  }

  private void exchange(GeneratedRun thread, long at) {
    UUID question = maker.newId();
    UUID answer = maker.newId();
    GeneratedRun chat = maker.exchange("chat", answer, at, at + 4 * SECOND, thread);
    String asked = maker.message("user", INPUT_BYTES);
    String answered = maker.message("assistant", OUTPUT_BYTES);
    chat.input = "[" + asked + "]";
    chat.output = "[" + answered + "]";
    thread.input = answered;
    List<Message> said = new ArrayList<>();
    said.add(new Message(thread.id, question, at, "user", null, asked, thread.user));
    said.add(
        new Message(thread.id, answer, at + 4 * SECOND, "assistant", null, answered, thread.user));
    add(chat);
    tables.addMessages(chat, said);
  }

  private void event(GeneratedRun thread, long at) {
    GeneratedRun event = maker.exchange("custom-event", maker.newId(), at, at, thread);
    event.name = random.nextBoolean() ? "added to cart" : "asked for a person";
    add(event);
    tables.addMessages(
        event, List.of(new Message(thread.id, event.id, at, null, event.name, null, thread.user)));
  }

  private void add(GeneratedRun run) {
    // a story that is longer than what is left of its hour ends early
    if (left > 0) {
      tables.add(run);
      left--;
    }
  }
}
