package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartIT {
  private static final String RUN = "0b6a2c1e-5a3f-4f0e-9d2b-7c1f00aa55ee";

  @TempDir Path dir;

  @Test
  void acknowledgedEventsOutliveKillAndStop() throws Exception {
    String keys;
    try (ChildStandalone child = ChildStandalone.start(dir)) {
      PeriluneTester tester = child.tester();
      keys = tester.privateKey();
      tester.ingest("[" + llm(RUN) + "]");
      tester.run(RUN, run -> run.path("status").asText().equals("success"));
      // Killed right behind the answer: what was acknowledged last is in Kafka alone.
      tester.ingest(
          IntStream.range(0, 500)
              .mapToObj(i -> llm(runId(i)))
              .collect(Collectors.joining(",", "[", "]")));
      child.kill();
    }
    try (ChildStandalone child = ChildStandalone.start(dir)) {
      PeriluneTester tester = child.tester();
      assertEquals(keys, tester.privateKey(), "the keys stay");
      tester.run(RUN);
      Eventually.get(
          "all 501 runs",
          Duration.ofSeconds(20),
          () -> Optional.of(501).filter(total(tester)::equals));

      Duration stop = child.terminate();
      assertTrue(stop.compareTo(Duration.ofSeconds(10)) < 0, "stop took " + stop);
    }
    try (ChildStandalone child = ChildStandalone.start(dir)) {
      assertEquals(501, total(child.tester()), "nothing is lost or doubled");
    }
  }

  @Test
  void secondStartOnTheSameFolderIsRefused() throws Exception {
    try (ChildStandalone first = ChildStandalone.start(dir)) {
      first.tester();
      try (ChildStandalone second = ChildStandalone.start(dir)) {
        assertEquals(1, second.exitStatus());
        assertTrue(second.output().contains("runs already on this data folder"), second.output());
        assertTrue(second.output().contains("PERILUNE_DATA_DIR"), second.output());
      }
    }
  }

  @Test
  void takenPortIsNamedWithItsSetting() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      try (ChildStandalone child = ChildStandalone.start(dir, Map.of("PERILUNE_PORT", port))) {
        assertEquals(1, child.exitStatus());
        assertTrue(child.output().contains(port), child.output());
        assertTrue(child.output().contains("PERILUNE_PORT"), child.output());
      }
    }
  }

  @Test
  void everyWrongSettingIsNamedAtOnce() throws Exception {
    Map<String, String> wrong = Map.of("PERILUNE_PORT", "many", "PERILUNE_PROJECT_ID", "mine");
    try (ChildStandalone child = ChildStandalone.start(dir, wrong)) {
      assertEquals(1, child.exitStatus());
      assertTrue(child.output().contains("PERILUNE_PORT=many"), child.output());
      assertTrue(child.output().contains("PERILUNE_PROJECT_ID=mine"), child.output());
    }
  }

  private static Integer total(PeriluneTester tester) throws Exception {
    JsonNode page = tester.json("/v1/runs?type=llm&limit=1000");
    return page.path("data").size();
  }

  private static String runId(int number) {
    return "11111111-2222-4333-8444-%012d".formatted(number);
  }

  private static String llm(String id) {
    return """
        {"type":"llm","event":"start","runId":"%1$s","name":"gpt-4o","input":"Hello?",\
        "timestamp":"2026-03-01T12:00:00Z"},\
        {"type":"llm","event":"end","runId":"%1$s","output":"Hello.",\
        "timestamp":"2026-03-01T12:00:01Z"}"""
        .formatted(id);
  }
}
