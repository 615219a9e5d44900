package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perilune.model.wire.RefusedBody.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordReadingTest {
  private final EventReader reader = new EventReader(10);

  @Test
  void aRecordIsOneEventOrAList() throws RefusedBody {
    String event = "{\"run_id\":\"r\",\"event\":\"end\"}";

    assertEquals(List.of("r"), ids(event));
    assertEquals(List.of("r"), ids(" [" + event + "]"));
    assertEquals(List.of("r", "r"), ids("{\"events\":[" + event + "," + event + "]}"));
    assertEquals(List.of(), ids("{\"events\":[]}"));
    assertEquals(1, read("{\"type\":\"log\",\"message\":\"m\"}").size());
  }

  @Test
  void anObjectThatIsNoEventIsRefused() {
    for (String value : new String[] {"{}", "{\"events\":null}", "{\"runId\":\"r\"}", "", " "}) {
      assertEquals(
          Reason.NO_EVENTS, assertThrows(RefusedBody.class, () -> read(value)).reason(), value);
    }
    assertEquals(Reason.SCALAR, assertThrows(RefusedBody.class, () -> read("5")).reason());
    assertEquals(Reason.BROKEN, assertThrows(RefusedBody.class, () -> read("{\"a\"")).reason());
  }

  @Test
  void whatCannotBeReadIsKeptAsItWasSent() throws RefusedBody {
    String deep = "{\"event\":\"end\",\"x\":" + "[".repeat(600) + "]".repeat(600) + "}";
    List<IncomingEvent> events =
        read("[ \"a\\u00e9b\" , 12.5 ,{\"event\":\"end\",\"runId\":\"r\"}, null," + deep + " ]");

    assertEquals(
        List.of("\"a\\u00e9b\"", "12.5", "null", deep),
        events.stream()
            .filter(event -> event.refusal() != null)
            .map(RecordReadingTest::text)
            .toList());
    assertEquals(List.of(0, 1, 2, 3, 4), events.stream().map(IncomingEvent::place).toList());
  }

  private List<String> ids(String value) throws RefusedBody {
    return read(value).stream().map(IncomingEvent::runId).toList();
  }

  private List<IncomingEvent> read(String value) throws RefusedBody {
    return reader.readRecord(value.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(IncomingEvent event) {
    return new String(event.json(), event.from(), event.length(), StandardCharsets.UTF_8);
  }
}
