package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.standalone.load.LoadCommand;
import dev.perilune.standalone.remote.RemoteFailure;
import dev.perilune.standalone.remote.RemoteOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The load command against a running instance. */
class LoadCommandIT {
  @TempDir static Path dir;

  private static final ShutdownSteps STEPS = new ShutdownSteps();

  private static Standalone standalone;

  @BeforeAll
  static void start() {
    standalone =
        Standalone.start(
            Map.of(
                "PERILUNE_DATA_DIR", dir.toString(),
                "PERILUNE_HOST", "127.0.0.1",
                "PERILUNE_PORT", "0",
                "PERILUNE_RATE_LIMIT", "0"),
            STEPS);
  }

  @AfterAll
  static void stop() {
    STEPS.close();
  }

  @Test
  void rateIsKeptAndEveryRunIsCountedVisible() throws Exception {
    JsonNode report = new JsonMapper().readTree(load("--rate", "100", "--json"));

    assertEquals(100, report.path("runsPerSecond").asDouble(), 1);
    assertEquals(200, report.path("eventsPerSecond").asDouble(), 2);
    assertEquals(0, report.path("refusedEvents").asLong());
    assertEquals(0, report.path("missingRuns").asLong());
    assertTrue(report.path("failedRequests").isEmpty(), report.toString());
    assertTrue(report.path("visibleRunsPerSecond").asDouble() > 0, report.toString());
    assertTrue(report.path("ackMillis").path("p99").asDouble() > 0, report.toString());
    assertTrue(report.path("visibleMillis").path("samples").asLong() > 0, report.toString());
    assertTrue(report.path("generatorCpu").asDouble() > 0, report.toString());
  }

  @Test
  void spansAreCountedVisibleAsRunsAre() throws Exception {
    JsonNode report =
        new JsonMapper().readTree(load("--otlp", "--rate", "100", "--batch", "25", "--json"));

    assertEquals(100, report.path("runsPerSecond").asDouble(), 1);
    assertEquals(100, report.path("spansPerSecond").asDouble(), 1);
    assertEquals(0, report.path("refusedSpans").asLong(-1));
    assertEquals(0, report.path("missingRuns").asLong(-1));
    assertTrue(report.path("failedRequests").isEmpty(), report.toString());
    assertTrue(report.path("visibleMillis").path("samples").asLong() > 0, report.toString());
  }

  @Test
  void closedLoopPrintsATable() {
    String table = load("--connections", "1", "--batch", "2");

    assertTrue(table.contains("runs visible/s"), table);
    assertTrue(table.lines().anyMatch(line -> line.matches("runs missing +0")), table);
  }

  @Test
  void wrongKeyIsTold() {
    RemoteFailure failure =
        assertThrows(RemoteFailure.class, () -> load("--key", standalone.keys().projectId() + ""));

    assertTrue(failure.getMessage().contains("answered 40"), failure.getMessage());
  }

  @Test
  void oddBatchIsRefusedWithWhatWouldBeRight() {
    RemoteFailure failure = assertThrows(RemoteFailure.class, () -> load("--batch", "3"));

    assertTrue(failure.getMessage().contains("--batch must be even"), failure.getMessage());
  }

  private static String load(String... options) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LoadCommand command =
        new LoadCommand(
            new RemoteOptions(Map.of(), () -> standalone.keys().privateKey()),
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--url", "http://127.0.0.1:" + standalone.port()));
    arguments.addAll(List.of("--seconds", "2", "--warmup", "0"));
    arguments.addAll(List.of(options));
    new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    command.run();
    return printed.toString(StandardCharsets.UTF_8);
  }
}
