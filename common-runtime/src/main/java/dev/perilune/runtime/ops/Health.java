package dev.perilune.runtime.ops;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What this process needs in order to work, each part with its own check. A check that fails,
 * throws or takes longer than two seconds counts as down.
 */
public final class Health {

  private static final long CHECK_SECONDS = 2;

  private final Map<String, Supplier<Future<Boolean>>> checks = new ConcurrentHashMap<>();

  /** Adds a part; a second one of the same name takes its place. */
  public void register(String name, Supplier<Future<Boolean>> check) {
    checks.put(name, check);
  }

  /** Asks every part at once; never fails. */
  public Future<Report> check() {
    List<Future<Map.Entry<String, Boolean>>> answers = new ArrayList<>();
    checks.forEach((name, check) -> answers.add(ask(check).map(up -> Map.entry(name, up))));
    return Future.all(answers).map(all -> Report.of(all.list()));
  }

  private static Future<Boolean> ask(Supplier<Future<Boolean>> check) {
    try {
      return check.get().timeout(CHECK_SECONDS, TimeUnit.SECONDS).otherwise(false);
    } catch (RuntimeException broken) {
      return Future.succeededFuture(false);
    }
  }

  /**
   * The answers of all parts.
   *
   * @param parts name to whether it is up, in order of names
   */
  public record Report(SortedMap<String, Boolean> parts) {

    private static Report of(List<Map.Entry<String, Boolean>> answers) {
      SortedMap<String, Boolean> parts = new TreeMap<>();
      answers.forEach(answer -> parts.put(answer.getKey(), answer.getValue()));
      return new Report(parts);
    }

    public boolean isUp() {
      return !parts.containsValue(false);
    }
  }
}
