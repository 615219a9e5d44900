package dev.perilune.standalone.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoDataTest {
  private static final Instant END = Instant.parse("2026-03-31T12:00:00Z");

  @Test
  void sameSeedTellsTheSameStories() {
    assertEquals(events(7), events(7));
  }

  @Test
  void everyKindOfEventOccurs() {
    Set<String> kinds =
        events(1).stream()
            .map(event -> event.path("type").asText() + "/" + event.path("event").asText())
            .collect(Collectors.toSet());
    assertTrue(
        kinds.containsAll(
            Set.of(
                "llm/start",
                "llm/end",
                "llm/error",
                "agent/start",
                "tool/error",
                "retriever/end",
                "chain/start",
                "embed/start",
                "thread/chat",
                "thread/custom-event",
                "null/feedback")),
        kinds.toString());
  }

  @Test
  void everythingHappensWithinTheDays() {
    long earliest = END.minus(Duration.ofDays(30)).toEpochMilli();
    long latest = END.plus(Duration.ofMinutes(10)).toEpochMilli();
    for (ObjectNode event : events(3)) {
      long time = event.path("timestamp").asLong();
      assertTrue(time >= earliest && time <= latest, event.toString());
    }
  }

  @Test
  void everyRunThatEndsHasStarted() {
    Set<String> started = ids(events(5), "start");
    assertTrue(started.containsAll(ids(events(5), "end")));
    assertTrue(started.containsAll(ids(events(5), "error")));
  }

  private static Set<String> ids(List<ObjectNode> events, String name) {
    return events.stream()
        .filter(event -> event.path("event").asText().equals(name))
        .map(event -> event.path("runId"))
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }

  private static List<ObjectNode> events(long seed) {
    DemoData data = new DemoData(seed, END, 30);
    return Stream.generate(data::next)
        .limit(400)
        .flatMap(story -> story.events().stream())
        .toList();
  }
}
