package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a project must hold: {@code {"runs": {id: what GET /v1/runs/{id} shows}, "related": {id: the
 * ids that GET /v1/runs/{id}/related shows}}}, with ids as clients send them.
 */
record ExpectedRuns(JsonNode expected, PeriluneTester tester) {
  private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Waits until it holds that; tells what differed last if it never does. */
  void await() throws Exception {
    List<String> differences = new ArrayList<>();
    try {
      Eventually.get(
          "the expected runs",
          VISIBLE_LIMIT,
          () -> {
            differences.clear();
            differences.addAll(differences());
            return differences.isEmpty() ? Optional.of(true) : Optional.empty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", differences), e);
    }
  }

  private List<String> differences() throws IOException, InterruptedException {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, JsonNode> run : expected.path("runs").properties()) {
      Expected.differences(run.getValue(), get(run.getKey()))
          .forEach(difference -> differences.add(run.getKey() + difference));
    }
    for (Map.Entry<String, JsonNode> related : expected.path("related").properties()) {
      Set<String> wanted = new TreeSet<>();
      related.getValue().forEach(raw -> wanted.add(Replay.storedId(raw.asText())));
      Set<String> found = ids(get(related.getKey() + "/related"));
      if (!wanted.equals(found)) {
        differences.add(related.getKey() + "/related: expected " + wanted + ", was " + found);
      }
    }
    return differences;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(tester.get("/v1/runs/" + path).body());
  }

  static Set<String> ids(JsonNode runs) {
    Set<String> ids = new TreeSet<>();
    runs.forEach(run -> ids.add(run.path("id").asText()));
    return ids;
  }
}
