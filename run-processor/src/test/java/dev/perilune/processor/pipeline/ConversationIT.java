package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.perilune.model.RunIds;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConversationIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private PipelineTester pipeline;

  @BeforeEach
  void open() {
    pipeline = new PipelineTester(POSTGRES.settings());
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void aConversationFoldsIntoExchanges() {
    String question = message("m1", "user", "Hi", 1, "\"userId\":\"u1\",\"threadTags\":[\"s\"],");
    String answer = message("m2", "assistant", "Hello", 2, "");
    String second = message("m3", "user", "More", 3, "");
    send(second);
    send(answer);
    send(question);

    JsonObject thread = run("th");
    assertEquals("thread", thread.getString("type"));
    assertNull(thread.getString("status"));
    assertEquals("u1", thread.getString("user_name"));
    assertEquals(new JsonArray().add("s"), thread.getJsonArray("tags"));
    JsonObject first = run("m2");
    assertEquals("chat", first.getString("type"));
    assertEquals(1, first.getJsonArray("input").size());
    assertEquals("Hello", first.getJsonArray("output").getJsonObject(0).getString("content"));
    assertEquals("thread", first.getString("parent_type"));
    assertEquals("More", run("m3").getJsonArray("input").getJsonObject(0).getString("content"));
    assertEquals(3, pipeline.rows("SELECT id FROM run WHERE project_id = $1").size());
  }

  @Test
  void everyMessageIdKeepsStandingForItsExchange() {
    send(message("m1", "user", "Hi", 1, ""));
    send(
        "{\"type\":\"agent\",\"event\":\"start\",\"runId\":\"a\",\"parentRunId\":\"m1\",\"timestamp\":\"2026-11-20T10:00:01.500Z\"}");
    send(message("m2", "assistant", "Hello", 2, ""));
    send("{\"event\":\"feedback\",\"runId\":\"m1\",\"feedback\":{\"thumb\":\"up\"}}");

    assertEquals(new JsonObject().put("thumb", "up"), run("m2").getJsonObject("feedback"));
    assertEquals("chat", run("a").getString("parent_type"));
    assertEquals(
        RunIds.derive("m2").toString(),
        pipeline
            .row(
                "SELECT run_id FROM run_alias WHERE project_id = $1 AND id = $2",
                RunIds.derive("m1"))
            .getString("run_id"));
  }

  @Test
  void aRetryIsASiblingWithTheSameQuestion() {
    send(
        message("m1", "user", "Hi", 1, ""),
        message("m2", "assistant", "bad", 2, ""),
        message("m3", "assistant", "good", 3, "").replace("\"role\"", "\"isRetry\":true,\"role\""));

    assertEquals(RunIds.derive("m2").toString(), run("m3").getString("sibling_run_id"));
    assertEquals(run("m2").getJsonArray("input"), run("m3").getJsonArray("input"));
    assertEquals("good", run("m3").getJsonArray("output").getJsonObject(0).getString("content"));
    assertEquals("bad", run("m2").getJsonArray("output").getJsonObject(0).getString("content"));
  }

  @Test
  void oneIdForQuestionAndAnswerIsOneExchange() {
    send(message("x", "user", "Hi", 1, ""));
    send(message("x", "assistant", "Hello", 2, ""));

    assertEquals(1, run("x").getJsonArray("input").size());
    assertEquals(1, run("x").getJsonArray("output").size());
    assertEquals(2, pipeline.rows("SELECT id FROM run WHERE project_id = $1").size());
  }

  @Test
  void idsUsedAgainByALaterExchangeLoseNothing() {
    send(message("x", "user", "1", 1, ""), message("x", "assistant", "2", 2, ""));
    send(message("x", "user", "3", 3, ""), message("x", "assistant", "4", 4, ""));

    assertEquals(
        2, pipeline.rows("SELECT id FROM run WHERE project_id = $1 AND type = 'chat'").size());
  }

  private void send(String... events) {
    assertEquals(List.of(), pipeline.send("[" + String.join(",", events) + "]"));
  }

  private JsonObject run(String id) {
    return pipeline.run(id);
  }

  private static String message(String id, String role, String content, int second, String more) {
    return """
        {"type":"thread","event":"chat","runId":"%s","parentRunId":"th",%s
         "timestamp":"2026-11-20T10:00:0%dZ","message":{"role":"%s","content":"%s"}}"""
        .formatted(id, more, second, role, content);
  }
}
