package dev.perilune.standalone.crash;

import dev.perilune.standalone.crash.Chapter.Event;
import dev.perilune.standalone.crash.Chapter.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** What was acknowledged, and therefore what must be there. May be used from any thread. */
final class Ledger {
  private final Map<UUID, RunFacts> runs = new HashMap<>();
  private final Map<String, Seen> users = new HashMap<>();
  private final Map<UUID, UUID> messages = new HashMap<>();
  private final List<Acknowledged> batches = new ArrayList<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private long events;
  private long eventsAgain;

  /** A batch that was taken. */
  record Acknowledged(String receipt, List<UUID> readable) {}

  /** All of a chapter was acknowledged. */
  synchronized void add(Chapter chapter) {
    runs.putAll(chapter.runs);
    messages.putAll(chapter.messages);
    chapter.users.forEach((user, seen) -> users.merge(user, seen, Seen::join));
  }

  synchronized void acknowledged(List<Event> batch, String receipt) {
    events += batch.size();
    List<UUID> readable =
        batch.stream()
            .flatMap(event -> Optional.ofNullable(event.readable()).stream())
            .distinct()
            .toList();
    batches.add(new Acknowledged(receipt, readable));
  }

  /** A batch has to be posted again, since it was refused or the answer was lost. */
  synchronized void again(List<Event> batch, String why) {
    eventsAgain += batch.size();
    refusals.merge(why, 1L, Long::sum);
  }

  synchronized Optional<Acknowledged> any(Random random) {
    return batches.isEmpty()
        ? Optional.empty()
        : Optional.of(batches.get(random.nextInt(batches.size())));
  }

  synchronized Map<UUID, RunFacts> runs() {
    return Map.copyOf(runs);
  }

  synchronized Map<String, Seen> users() {
    return Map.copyOf(users);
  }

  synchronized Map<UUID, UUID> messages() {
    return Map.copyOf(messages);
  }

  synchronized List<Acknowledged> batches() {
    return List.copyOf(batches);
  }

  synchronized Map<String, Long> refusals() {
    return new TreeMap<>(refusals);
  }

  synchronized long events() {
    return events;
  }

  synchronized long eventsAgain() {
    return eventsAgain;
  }
}
