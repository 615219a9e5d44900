package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "90m,2026-03-02T10:30:00Z",
    "2d,2026-02-28T12:00:00Z",
    "2026-03-01,2026-03-01T00:00:00Z",
    "2026-03-01T10:00:00+02:00,2026-03-01T08:00:00Z"
  })
  void timesAreReadInThreeForms(String text, String time) {
    assertEquals(Instant.parse(time), ReplayTime.parse("--from", text, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "5", "2026-03-01T10:00", ""})
  void otherTimesAreRefusedWithAnExample(String text) {
    StartRefused refused =
        assertThrows(StartRefused.class, () -> ReplayTime.parse("--to", text, NOW));
    assertTrue(refused.getMessage().contains("90m"), refused.getMessage());
  }

  @Test
  void whereNothingRunsItSaysWhatToDo() {
    StartRefused refused =
        assertThrows(StartRefused.class, () -> RunningServers.complete(Map.of(), dir));
    assertTrue(refused.getMessage().contains("PERILUNE_DATA_DIR"), refused.getMessage());
  }

  @Test
  void addressesOfARunThatEndedAreNotBelieved() {
    RunningServers.keep(dir, Map.of("KAFKA_BOOTSTRAP_SERVERS", "a", "DATABASE_URL", "b"));
    assertThrows(StartRefused.class, () -> RunningServers.complete(Map.of(), dir));
    RunningServers.forget(dir);
    assertFalse(Files.exists(dir.resolve("servers.json")));
  }

  @Test
  void variablesNeedNoStandalone() {
    Map<String, String> given = Map.of("KAFKA_BOOTSTRAP_SERVERS", "a", "DATABASE_URL", "b");
    assertEquals(given, RunningServers.complete(given, dir));
  }

  @Test
  void progressTellsRateAndTimeLeftAndWhenNothingMoves() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    AtomicLong nanos = new AtomicLong();
    ReplayProgress progress =
        new ReplayProgress(
            new PrintStream(printed, true, StandardCharsets.UTF_8), nanos::get, "Look there.");
    progress.begun(4_000, 3);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    progress.done(1_000);
    nanos.addAndGet(Duration.ofSeconds(16).toNanos());
    progress.done(1_000);
    progress.done(4_000);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("4,000 events are read again, 3 dead letters"), text);
    assertTrue(text.contains("1,000 of 4,000, 500/s, 6 s left"), text);
    assertTrue(text.contains("Look there."), text);
    assertTrue(text.contains("Done in 18.0 s"), text);
  }
}
