package dev.perilune.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventOrderTest {

  @Test
  void ascendingEventsAreLeftAlone() throws RefusedBody {
    List<IncomingEvent> events = read("[" + at("a", "1e12") + "," + at("b", "null") + "]");

    assertSame(events, EventOrder.byTime(events));
  }

  @Test
  void endBeforeItsStartMovesBehindIt() throws RefusedBody {
    assertEquals("sxe", order(at("e", "2000000000000"), at("s", "1000000000000"), at("x", "null")));
  }

  @Test
  void numbersAndDatesAreOnOneTimeLine() throws RefusedBody {
    assertEquals(
        "abc",
        order(
            at("c", "\"2024-01-01T00:00:00.000002Z\""),
            at("b", "\"2024-01-01T00:00:00.000001+00:00\""),
            at("a", "1704067200000")));
  }

  @Test
  void equalTimesKeepTheirOrder() throws RefusedBody {
    assertEquals("zabc", order(at("a", "2e12"), at("b", "2e12"), at("c", "2e12"), at("z", "1e12")));
  }

  private static String order(String... events) throws RefusedBody {
    StringBuilder order = new StringBuilder();
    for (IncomingEvent event : EventOrder.byTime(read("[" + String.join(",", events) + "]"))) {
      order.append(event.runId());
    }
    return order.toString();
  }

  private static String at(String runId, String timestamp) {
    return "{\"runId\":\"" + runId + "\",\"timestamp\":" + timestamp + "}";
  }

  private static List<IncomingEvent> read(String body) throws RefusedBody {
    return new EventReader(10).read(body.getBytes(StandardCharsets.UTF_8));
  }
}
