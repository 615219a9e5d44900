package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published SDK, unchanged, against everything in one process with its own servers. What a
 * script's runs must look like is in {@code sdk/<script>.expected.json}, where <code>${name}</code>
 * stands for an id that the script printed.
 */
class LunarySdkIT {
  private static final ShutdownSteps STEPS = new ShutdownSteps();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static PeriluneTester tester;
  private static SdkScripts scripts;

  @BeforeAll
  static void start(@TempDir Path folder) {
    SdkScripts.install();
    Standalone standalone =
        Standalone.start(
            Map.of(
                "PERILUNE_HOST", "127.0.0.1",
                "PERILUNE_PORT", "0",
                "PERILUNE_DATA_DIR", folder.toString()),
            STEPS);
    FirstKeys keys = standalone.keys();
    String url = "http://127.0.0.1:" + standalone.port();
    tester = new PeriluneTester(url, keys.projectId().toString(), keys.privateKey().toString());
    scripts =
        new SdkScripts(Map.of("LUNARY_API_URL", url, "LUNARY_PUBLIC_KEY", tester.publicKey()));
  }

  @AfterAll
  static void stop() {
    STEPS.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"track-event", "wrappers", "threads", "openai", "anthropic", "langchain"})
  void whatTheSdkReportsBecomesRuns(String script) throws Exception {
    JsonNode printed = scripts.run(script + ".mjs");

    String expected = expectedText(script);
    for (Map.Entry<String, JsonNode> id : printed.properties()) {
      expected = expected.replace("${" + id.getKey() + "}", id(id.getValue()));
    }
    new ExpectedRuns(JSON.readTree(expected), tester).await();
  }

  private static String expectedText(String script) throws IOException {
    String file = "/sdk/" + script + ".expected.json";
    try (InputStream in = LunarySdkIT.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** An id as printed; a script that does not know it prints {@code {"tag": …}} instead. */
  private static String id(JsonNode printed) throws Exception {
    return printed.isTextual() ? printed.asText() : idOfRunTagged(printed.get("tag"));
  }

  private static String idOfRunTagged(JsonNode tag) throws Exception {
    return Eventually.get(
        "a run tagged " + tag,
        Duration.ofSeconds(20),
        () -> {
          JsonNode runs = tester.json("/v1/runs?limit=100").path("data");
          return StreamSupport.stream(runs.spliterator(), false)
              .filter(run -> run.path("tags").path(0).equals(tag))
              .map(run -> run.get("id").asText())
              .findFirst();
        });
  }
}
