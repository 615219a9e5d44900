package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.model.RunIds;
import dev.perilune.testkit.PeriluneTester;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies captured from the real SDKs. */
class GoldenReplayIT extends ReplayContract {
  /** What the captured decorators take for the id of {@code front-msg}. */
  private static final String CAPTURED_PARENT = "a2afc61d-ca99-5234-1d59-92a802d39463";

  @Override
  List<String> names() {
    return List.of(
        "golden/js-nested-wrappers",
        "golden/js-threads",
        "golden/js-logs-and-feedback",
        "golden/js-openai",
        "golden/js-anthropic",
        "golden/js-langchain",
        "golden/python-decorators",
        "golden/python-complete-call",
        "golden/python-threads",
        "golden/js-legacy-report");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageOfTheBrowserIsTheParentOfAPythonAgent(boolean messageFirst) throws Exception {
    PeriluneTester tester = newProject();
    Replay agent = Replay.load("golden/python-decorators", tester.publicKey());
    String parent = RunIds.pyUuid("front-msg" + tester.publicKey()).toString();
    List<String> bodies = new ArrayList<>();
    bodies.add(
        """
        {"events":[{"event":"chat","type":"thread","runId":"front-msg","parentRunId":"front-thread",
          "timestamp":1795289700000,"message":{"role":"user","content":"again"}}]}
        """);
    agent
        .bodies(Replay.Arrival.ONE_BY_ONE)
        .forEach(body -> bodies.add(body.replace(CAPTURED_PARENT, parent)));
    if (!messageFirst) {
      Collections.rotate(bodies, -1);
    }

    for (String body : bodies) {
      send(tester, agent, body);
    }

    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"runs": {"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9": {"type": "agent"}},
                 "related": {"front-msg": ["front-msg", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
                                           "c0ffee00-1234-9abc-0def-0123456789ab"]}}
                """);
    new ExpectedRuns(expected, tester).await();
  }
}
