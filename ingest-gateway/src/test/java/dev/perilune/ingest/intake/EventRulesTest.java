package dev.perilune.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.perilune.model.RunIds;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"a\"}",
        "{\"event\":\"start\",\"type\":\"made-up\",\"runId\":\"a\"}",
        "{\"event\":\"end\",\"runId\":\"a\"}",
        "{\"event\":\"error\",\"type\":null,\"runId\":\"a\"}",
        "{\"event\":\"feedback\",\"type\":null,\"runId\":\"a\"}",
        "{\"event\":\"chat\",\"type\":\"thread\",\"runId\":\"a\",\"parentRunId\":\"t\",\"message\":{}}",
        "{\"event\":\"custom-event\",\"type\":\"thread\",\"runId\":\"a\",\"parentRunId\":\"t\"}",
        "{\"event\":\"update\",\"type\":\"llm\",\"runId\":\"a\"}",
        "{\"event\":\"update\",\"type\":\"tool\"}",
        "{\"event\":\"streaming\",\"userId\":\"u\"}",
        "{\"event\":\"start\",\"type\":\"log\",\"message\":\"no run, no parent\"}",
        "{\"userId\":\"u\"}",
        "{}"
      })
  void whatAProcessorCanStoreIsTaken(String event) {
    assertNull(EventRules.refusal(read(event)));
  }

  @Test
  void logsAreToldByTheirTypeBeforeTheirName() {
    assertNull(EventRules.refusal(read("{\"event\":\"error\",\"type\":\"log\"}")));
  }

  @Test
  void updatesOfModelCallsNeedTheirRun() {
    assertEquals(
        "runId is required",
        EventRules.refusal(read("{\"event\":\"update\",\"type\":\"llm\",\"runId\":null}")));
  }

  @Test
  void conversationsAreKeyedByTheirThreadAndRunsByThemselves() {
    String ids = "\"runId\":\"m\",\"parentRunId\":\"t\"}";

    assertEquals(RunIds.seedUuid("t"), EventRules.keyId(read("{\"event\":\"chat\"," + ids)));
    assertEquals(
        RunIds.seedUuid("t"), EventRules.keyId(read("{\"event\":\"custom-event\"," + ids)));
    assertEquals(RunIds.seedUuid("t"), EventRules.keyId(read("{\"type\":\"log\"," + ids)));
    assertEquals(
        RunIds.seedUuid("m"),
        EventRules.keyId(read("{\"event\":\"start\",\"type\":\"chat\"," + ids)));
    assertNull(EventRules.keyId(read("{\"event\":\"streaming\"}")));
  }

  private static IncomingEvent read(String event) {
    try {
      return new EventReader(1).read(("[" + event + "]").getBytes(StandardCharsets.UTF_8)).get(0);
    } catch (dev.perilune.model.wire.RefusedBody e) {
      throw new AssertionError(e);
    }
  }
}
