package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.RunIds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdIT extends OnQueryApi {

  @Test
  void clientIdsLeadToTheirRuns() {
    // my-run-1 and r1 as JavaScript, then as Python with the project's id as its key
    String byHash = "9573ca98-4bd9-46cc-a28e-3d5c1e43715d";
    String byPython = "63ff1716-d817-7220-fd41-f40dc8fdd8a7";
    api.run(byHash, "llm", NOON);
    api.run(byPython, "llm", NOON);
    assertEquals(byHash, api.json("/v1/runs/my-run-1").get("id").asText());
    assertEquals(byHash, api.json("/v1/runs/" + byHash.toUpperCase()).get("id").asText());
    assertEquals(byPython, api.json("/v1/runs/r1").get("id").asText());
    assertEquals(404, api.get("/v1/runs/r2").status());
  }

  @Test
  void pythonIdsMadeWithThePrivateKeyLeadToTheirRuns() {
    String id = RunIds.pyUuid("r1" + QueryTester.PRIVATE_KEY.toLowerCase()).toString();
    api.run(id, "llm", NOON, "feedback", "{\"thumb\": \"down\"}");
    assertEquals(id, api.json("/v1/runs/r1").get("id").asText());
    assertEquals("{\"thumb\":\"down\"}", api.get("/v1/runs/r1/feedback").body());
  }

  @Test
  void escapedIdsAreReadBeforeTheyAreDerived() {
    // héllo ✓ 世界
    String id = "874fcf1f-31c8-446f-a14c-b1f3f767f21b";
    api.run(id, "llm", NOON);
    assertEquals(
        id, api.json("/v1/runs/h%C3%A9llo%20%E2%9C%93%20%E4%B8%96%E7%95%8C").get("id").asText());
  }

  @Test
  void aliasesLeadToTheirRun() {
    api.run(A, "chat", NOON, "feedback", "{\"thumb\": \"up\"}");
    api.alias(B, A, NOON);
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", C, "feedback", "{}");
    assertEquals(A, api.json("/v1/runs/" + B).get("id").asText());
    assertEquals("{\"thumb\":\"up\"}", api.get("/v1/runs/" + B + "/feedback").body());
    assertEquals(404, api.get("/v1/runs/" + C).status());
    assertEquals(404, api.get("/v1/runs/" + C + "/feedback").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%zz", "%00", "%ff", "a%2Fb", "..%2f", "%F0%9F", "'--", "$1"})
  void strangeIdsAreNeverAFault(String id) {
    for (String path : List.of("", "/feedback", "/related")) {
      var reply = api.get("/v1/runs/" + id + path);
      assertTrue(reply.status() < 500, reply.toString());
    }
  }

  @Test
  void wordsOfThePathAreNoIds() {
    for (String word : List.of("exports", "ingest")) {
      assertEquals("{\"message\":\"Not Found\"}", api.get("/v1/runs/" + word).body());
    }
  }
}
