package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.standalone.demo.DemoCommand;
import dev.perilune.standalone.remote.RemoteOptions;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoIT {
  private static final List<String> TYPES =
      List.of(
          "llm", "agent", "tool", "chain", "embed", "retriever", "thread", "chat", "custom-event");
  private static final int PAGE = 100;

  @TempDir Path dir;

  private final ShutdownSteps steps = new ShutdownSteps();
  private PeriluneTester tester;

  @BeforeEach
  void start() {
    Standalone standalone =
        Standalone.start(
            Map.of(
                "PERILUNE_DATA_DIR", dir.toString(),
                "PERILUNE_HOST", "127.0.0.1",
                "PERILUNE_PORT", "0"),
            steps);
    tester =
        new PeriluneTester(
            "http://127.0.0.1:" + standalone.port(),
            standalone.keys().projectId().toString(),
            standalone.keys().privateKey().toString());
  }

  @AfterEach
  void stop() {
    steps.close();
  }

  @Test
  void everyRunThatIsSentCanBeReadOnce() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    DemoCommand demo =
        new DemoCommand(
            new RemoteOptions(Map.of(), () -> null),
            new PrintStream(output, true, StandardCharsets.UTF_8));

    int status =
        new CommandLine(demo)
            .execute("--url", tester.url(), "--key", tester.publicKey(), "--runs", "600");

    assertEquals(0, status);
    String said = output.toString(StandardCharsets.UTF_8);
    Matcher sent = Pattern.compile("(\\d+) runs of 30 days .*, 0 events refused").matcher(said);
    assertTrue(sent.find(), said);
    int expected = Integer.parseInt(sent.group(1));
    List<String> ids =
        Eventually.get(
            expected + " runs",
            Duration.ofSeconds(60),
            () -> Optional.of(readableRuns()).filter(found -> found.size() == expected));
    assertEquals(expected, Set.copyOf(ids).size(), "each once");
  }

  private List<String> readableRuns() throws Exception {
    List<String> ids = new ArrayList<>();
    for (String type : TYPES) {
      for (int page = 0, rows = PAGE; rows == PAGE; page++) {
        String query = "type=%s&limit=%d&page=%d".formatted(type, PAGE, page);
        JsonNode data = tester.json("/v1/runs?" + query).path("data");
        data.forEach(run -> ids.add(run.path("id").asText()));
        rows = data.size();
      }
    }
    return ids;
  }
}
