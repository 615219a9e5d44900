package dev.perilune.ingest.intake;

import dev.perilune.model.EventTime;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order in which the events of one request are taken. */
final class EventOrder {

  private record Timed(IncomingEvent event, long atMicros) {}

  private EventOrder() {}

  /**
   * Sorts by event time, stable. An event without a time stays with the event before it; those at
   * the front stay there.
   */
  static List<IncomingEvent> byTime(List<IncomingEvent> events) {
    if (isSorted(events)) {
      return events;
    }
    List<Timed> timed = new ArrayList<>(events.size());
    long before = Long.MIN_VALUE;
    for (IncomingEvent event : events) {
      before = event.atMicros() == EventTime.NONE ? before : event.atMicros();
      timed.add(new Timed(event, before));
    }
    timed.sort(Comparator.comparingLong(Timed::atMicros));
    return timed.stream().map(Timed::event).toList();
  }

  private static boolean isSorted(List<IncomingEvent> events) {
    long before = Long.MIN_VALUE;
    for (IncomingEvent event : events) {
      long at = event.atMicros();
      if (at != EventTime.NONE) {
        if (at < before) {
          return false;
        }
        before = at;
      }
    }
    return true;
  }
}
