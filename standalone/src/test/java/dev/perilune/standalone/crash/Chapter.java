package dev.perilune.standalone.crash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A part of the load, and what there must be once all of it was stored. */
final class Chapter {
  private static final int MOST_EVENTS_OF_A_BATCH = 25;

  final List<Event> events = new ArrayList<>();
  final Map<UUID, RunFacts> runs = new HashMap<>();
  final Map<String, Seen> users = new HashMap<>();

  /** Message id to the exchange that it is part of. */
  final Map<UUID, UUID> messages = new HashMap<>();

  /**
   * One event.
   *
   * @param readable the id under which something can be read once the event is stored
   */
  record Event(String json, @Nullable UUID readable) {}

  /** When a user was first and last heard of. */
  record Seen(Instant first, Instant last) {
    Seen join(Seen other) {
      return new Seen(
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last);
    }
  }

  void seen(@Nullable String user, Instant at) {
    if (user != null) {
      users.merge(user, new Seen(at, at), Seen::join);
    }
  }

  /** All events in an order and in batches that no client would choose. */
  List<List<Event>> batches(Random random) {
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    List<List<Event>> batches = new ArrayList<>();
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(MOST_EVENTS_OF_A_BATCH));
      batches.add(shuffled.subList(from, to));
      from = to;
    }
    return batches;
  }
}
