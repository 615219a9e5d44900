package dev.perilune.standalone.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.ProjectId;
import dev.perilune.processor.Recount;
import dev.perilune.standalone.crash.Ledger.Acknowledged;
import dev.perilune.testkit.PeriluneTester;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Holds what is stored and what is answered against what was acknowledged. */
final class Audit {
  private static final int MOST_SHOWN = 10;
  private static final int PAGE = 1_000;
  private static final int ALIASES_READ = 100;

  private final Ledger ledger;
  private final Books books;
  private final PeriluneTester query;
  private final List<String> faults = new ArrayList<>();

  Audit(Ledger ledger, Books books, PeriluneTester query) {
    this.ledger = ledger;
    this.books = books;
    this.query = query;
  }

  /** All that is wrong; empty when nothing is. */
  List<String> faults() throws Exception {
    runs();
    users();
    same("messages' exchanges", ledger.messages(), known(books.aliases()));
    equal("dead letters", 0L, books.deadLetters());
    equal("ids with two rows", 0L, books.doubled());
    equal("runs without payload or payloads without run", 0L, books.unpaired());
    equal("tokens", tokens(), books.tokens());
    equal("cost", costUsd(), books.costUsd());
    figures();
    receipts();
    listed();
    aliases();
    return faults;
  }

  /** Prompt and completion tokens of all runs. */
  long tokens() {
    return ledger.runs().values().stream()
        .filter(run -> run.promptTokens() != null)
        .mapToLong(run -> (long) run.promptTokens() + run.completionTokens())
        .sum();
  }

  BigDecimal costUsd() {
    return ledger.runs().values().stream()
        .map(RunFacts::costUsd)
        .filter(Objects::nonNull)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .stripTrailingZeros();
  }

  private void runs() throws Exception {
    Map<UUID, RunFacts> found = new HashMap<>();
    for (Books.Row row : books.runs()) {
      if (found.put(row.id(), row.facts()) != null) {
        faults.add("run " + row.id() + " is there twice");
      }
    }
    same("run", ledger.runs(), found);
  }

  private void users() throws Exception {
    same("user", ledger.users(), books.users());
  }

  /** As {@code recount --verify}. */
  void figures() {
    try (Recount recount = new Recount(books.database())) {
      recount.verify(
          null,
          new Recount.Listener() {
            @Override
            public void project(ProjectId project) {}

            @Override
            public void day(Instant day, long off) {
              equal("figures of " + day + " that are off", 0L, off);
            }

            @Override
            public void users(long off) {
              equal("users whose totals are off", 0L, off);
            }

            @Override
            public void difference(String place, String off) {
              faults.add("figure " + place + " is off by " + off);
            }
          });
    }
  }

  private Map<UUID, UUID> known(Map<UUID, UUID> aliases) {
    Map<UUID, UUID> known = new HashMap<>(aliases);
    known.keySet().retainAll(ledger.messages().keySet());
    return known;
  }

  private <K, V> void same(String what, Map<K, V> expected, Map<K, V> found) {
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (key, value) -> {
          if (!found.containsKey(key)) {
            differences.add("%s %s is missing: %s".formatted(what, key, value));
          } else if (!value.equals(found.get(key))) {
            differences.add(
                "%s %s%n    expected %s%n    found    %s"
                    .formatted(what, key, value, found.get(key)));
          }
        });
    found.forEach(
        (key, value) -> {
          if (!expected.containsKey(key)) {
            differences.add("%s %s is not expected: %s".formatted(what, key, value));
          }
        });
    faults.addAll(differences.subList(0, Math.min(MOST_SHOWN, differences.size())));
    if (differences.size() > MOST_SHOWN) {
      faults.add("%s: %d differences in all".formatted(what, differences.size()));
    }
  }

  private void equal(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      faults.add("%s: expected %s, found %s".formatted(what, expected, found));
    }
  }

  /** Acknowledged = visible + dead letters, by the product's own count. */
  private void receipts() throws Exception {
    long visible = 0;
    for (Acknowledged batch : ledger.batches()) {
      JsonNode told = query.json("/v1/ingest/receipts/" + batch.receipt());
      if (told.path("visible").asBoolean() && told.path("deadLetters").isEmpty()) {
        visible += told.path("events").asLong();
      }
    }
    equal("events whose receipts say visible", ledger.events(), visible);
  }

  /** Every model call is in the list once, with its cost. */
  private void listed() throws Exception {
    Map<UUID, BigDecimal> expected = new HashMap<>();
    ledger
        .runs()
        .forEach(
            (id, run) -> {
              if (run.type().equals("llm")) {
                expected.put(id, Objects.requireNonNullElse(run.costUsd(), BigDecimal.ZERO));
              }
            });
    Map<UUID, BigDecimal> found = new HashMap<>();
    for (int page = 0; page * PAGE <= expected.size(); page++) {
      JsonNode runs = query.json("/v1/runs?type=llm&limit=%d&page=%d".formatted(PAGE, page));
      for (JsonNode run : runs.path("data")) {
        UUID id = UUID.fromString(run.path("id").asText());
        BigDecimal cost = run.path("cost").decimalValue().stripTrailingZeros();
        if (found.put(id, cost) != null) {
          faults.add("run " + id + " is listed twice");
        }
      }
    }
    same("listed run", expected, found);
  }

  /** Messages can be read under their own ids. */
  private void aliases() throws Exception {
    List<Map.Entry<UUID, UUID>> messages = List.copyOf(ledger.messages().entrySet());
    for (Map.Entry<UUID, UUID> message :
        messages.subList(0, Math.min(ALIASES_READ, messages.size()))) {
      JsonNode run = query.json("/v1/runs/" + message.getKey());
      equal(
          "exchange of message " + message.getKey(),
          message.getValue().toString(),
          run.path("id").asText());
    }
  }
}
