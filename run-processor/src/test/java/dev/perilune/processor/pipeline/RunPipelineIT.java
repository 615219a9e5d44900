package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunPipelineIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String START =
      """
      {"type":"llm","event":"start","runId":"r","name":"gpt-4o","timestamp":"2026-11-20T10:00:00Z",
       "input":[{"role":"user","content":"Hello world!"}],"tags":["a"],"metadata":{"m":1,"k":"s"},
       "userId":"u1","userProps":{"email":"e"}}""";
  private static final String END =
      """
      {"type":"llm","event":"end","runId":"r","timestamp":"2026-11-20T10:00:02.345Z",
       "output":{"role":"assistant","content":"Hello. How are you?"},"tags":["b"],"metadata":{"k":"e"}}""";

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
  void startAndEndMakeOnePricedRun() {
    send(START, END);

    assertComplete(run("r"));
  }

  @Test
  void endBeforeStartStillYieldsOneRun() {
    send(END);
    assertEquals("success", run("r").getString("status"));
    assertEquals(false, run("r").getBoolean("started"));

    send(START);

    assertComplete(run("r"));
  }

  @Test
  void theSameBatchTwiceChangesNothing() {
    send(START, END);
    String once = run("r").encode();

    send(START, END);
    send(END);
    send(START);

    assertEquals(once, run("r").encode());
  }

  @Test
  void keysOfMetadataAreNotedByType() {
    String tool = START.replace("\"r\"", "\"s\"").replace("llm", "tool");
    send(START, END, tool.replace("\"m\":1", "\"step\":2"));
    send(START);

    assertEquals(
        List.of("llm k", "llm m", "tool k", "tool step"),
        texts(
            pipeline.rows(
                "SELECT type, key FROM metadata_key WHERE project_id = $1 ORDER BY type, key")));
  }

  private static List<String> texts(JsonArray keys) {
    return keys.stream()
        .map(
            row -> ((JsonObject) row).getString("type") + " " + ((JsonObject) row).getString("key"))
        .toList();
  }

  @Test
  void feedbackBeforeTheRunIsKept() {
    send(
        "{\"event\":\"feedback\",\"runId\":\"r\",\"timestamp\":1,\"feedback\":{\"thumb\":\"up\"}}");
    send(START);
    send(
        "{\"event\":\"feedback\",\"runId\":\"r\",\"timestamp\":3000000000000,\"feedback\":{\"thumb\":null,\"comment\":\"c\"}}");

    assertEquals(
        new JsonObject().putNull("thumb").put("comment", "c"), run("r").getJsonObject("feedback"));
  }

  @Test
  void childBeforeParentHangsBelowItAndGetsItsUser() {
    send(
        "{\"type\":\"tool\",\"event\":\"start\",\"runId\":\"c2\",\"parentRunId\":\"c1\",\"timestamp\":1795289571683}");
    send(
        "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"c1\",\"parentRunId\":\"p\",\"timestamp\":1795289571682,\"userId\":\"other\"}");
    assertNull(run("c1").getString("parent_type"));
    assertEquals("other", run("c2").getString("user_name"));

    send(
        "{\"type\":\"agent\",\"event\":\"start\",\"runId\":\"p\",\"timestamp\":1795289571681,\"userId\":\"u9\"}");

    assertEquals("agent", run("c1").getString("parent_type"));
    assertEquals("u9", run("c1").getString("user_name"));
    assertEquals("llm", run("c2").getString("parent_type"));
    assertEquals("u9", run("c2").getString("user_name"));
    assertEquals(0, pipeline.rows("SELECT * FROM run_orphan WHERE project_id = $1").size());
  }

  @Test
  void childThatStartedEarlierThanFirstSaidIsFoundByItsParent() {
    String child =
        "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"c\",\"parentRunId\":\"p\",\"timestamp\":%d}";
    send(child.formatted(1795289571685L));
    send(child.formatted(1795289571682L));

    send("{\"type\":\"agent\",\"event\":\"start\",\"runId\":\"p\",\"timestamp\":1795289571681}");

    assertEquals("agent", run("c").getString("parent_type"));
  }

  @Test
  void errorsAndRepeatedEndsFollowTheLatest() {
    send(START);
    send(
        "{\"type\":\"llm\",\"event\":\"error\",\"runId\":\"r\",\"timestamp\":\"2026-11-20T10:00:05Z\",\"error\":{\"message\":\"m\"}}");
    send(END);

    assertEquals("error", run("r").getString("status"));
    assertEquals(new JsonObject().put("message", "m"), run("r").getJsonObject("error"));
    assertNull(run("r").getValue("cost"));
  }

  @Test
  void updatesReplaceTheMetadataSaidBefore() {
    String update =
        "{\"type\":\"llm\",\"event\":\"update\",\"runId\":\"r\",\"timestamp\":\"2026-11-20T10:00:01Z\",\"metadata\":{\"n\":2}}";
    send(START, update, END);
    assertEquals(new JsonObject().put("n", 2).put("k", "e"), run("r").getJsonObject("metadata"));
    String before = run("r").encode();

    send(update);
    send(START);

    assertEquals(before, run("r").encode());
  }

  @Test
  void whatOthersSawOfARunIsShownWhenTheRunComesAndNotBefore() {
    send(
        "{\"type\":\"tool\",\"event\":\"start\",\"runId\":\"c\",\"parentRunId\":\"s\",\"timestamp\":1795289571683}",
        "{\"type\":\"llm\",\"event\":\"supplement\",\"runId\":\"s\",\"timestamp\":1795289571682,\"name\":\"m\",\"input\":[\"q\"],\"metadata\":{\"seen\":1}}");

    assertEquals(true, run("s").getBoolean("is_deleted"));
    assertEquals(false, run("s").getBoolean("started"));
    assertNull(run("c").getString("parent_type"));
    assertEquals("[]", pipeline.rows("SELECT FROM metadata_key WHERE project_id = $1").encode());
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    assertEquals(1, figures());

    send(
        "{\"type\":\"agent\",\"event\":\"start\",\"runId\":\"s\",\"timestamp\":1795289571681,\"userId\":\"u\"}");

    assertEquals(false, run("s").getBoolean("is_deleted"));
    assertEquals("agent", run("s").getString("type"));
    assertEquals(new JsonArray().add("q"), run("s").getJsonArray("input"));
    assertEquals("agent", run("c").getString("parent_type"));
    assertEquals("u", run("c").getString("user_name"));
    assertEquals("[]", pipeline.rows("SELECT FROM run_orphan WHERE project_id = $1").encode());
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
    assertEquals(2, figures());
  }

  private int figures() {
    return pipeline
        .row("SELECT sum(runs) AS runs FROM rollup_run WHERE project_id = $1 AND per = 'day'")
        .getInteger("runs");
  }

  @Test
  void whatOthersNotedGivesWayToWhatTheRunNotesInAnyOrder() {
    String start =
        "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681,\"metadata\":{\"reasons\":[\"stop\"],\"a\":1}}";
    String end =
        "{\"type\":\"llm\",\"event\":\"end\",\"runId\":\"%s\",\"timestamp\":1795289571689,\"metadata\":{\"b\":2}}";
    String log =
        "{\"type\":\"llm\",\"event\":\"supplement\",\"runId\":\"%s\",\"timestamp\":1795289571699,\"metadata\":{\"reasons\":[\"length\"],\"b\":3,\"c\":4}}";
    String later =
        log.replace("699", "799").replace("length", "stop").replace("\"c\":4", "\"c\":5");
    JsonObject expected =
        new JsonObject()
            .put("reasons", new JsonArray().add("stop"))
            .put("a", 1)
            .put("b", 2)
            .put("c", 5);
    int run = 0;
    for (List<String> order :
        List.of(
            List.of(start, end, log, later),
            List.of(later, log, end, start),
            List.of(log, start, later, end),
            List.of(later, end, start, log))) {
      String id = "m" + run++;
      order.forEach(event -> send(event.formatted(id)));

      assertEquals(expected, run(id).getJsonObject("metadata"), id);
    }
  }

  @Test
  void whatOthersCountedFillsTheCountsAndParametersThatACallLacks() {
    String log =
        "{\"type\":\"llm\",\"event\":\"supplement\",\"runId\":\"%s\",\"timestamp\":1795289571685,\"params\":{\"n\":1},\"tokensUsage\":{\"prompt\":8,\"completion\":9}}";
    String start =
        "{\"type\":\"%s\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681}";
    String end =
        "{\"type\":\"%s\",\"event\":\"end\",\"runId\":\"%s\",\"timestamp\":1795289571689,\"tokensUsage\":{\"prompt\":7}}";
    send(log.formatted("u1"));
    send(start.formatted("llm", "u1"), end.formatted("llm", "u1"));
    send(start.formatted("embed", "u2"), end.formatted("embed", "u2"));
    send(log.formatted("u2"));
    send(start.formatted("agent", "u3").replace("}", ",\"params\":{\"n\":2}}"));
    send(log.formatted("u3"));
    send(start.formatted("llm", "u4").replace("}", ",\"params\":{\"t\":2,\"n\":null}}"));
    send(log.formatted("u4"));
    send(log.formatted("u5"));
    send(start.formatted("llm", "u5").replace("}", ",\"params\":{\"t\":2,\"n\":3}}"));
    send(log.formatted("u5").replace("\"n\":1", "\"n\":1,\"k\":4"));

    for (String call : List.of("u1", "u2")) {
      assertEquals(7, run(call).getInteger("prompt_tokens"));
      assertEquals(9, run(call).getInteger("completion_tokens"));
      assertEquals(1, run(call).getJsonObject("params").getInteger("n"));
    }
    assertNull(run("u3").getInteger("prompt_tokens"));
    assertEquals(new JsonObject().put("n", 2), run("u3").getJsonObject("params"));
    assertEquals(new JsonObject().put("t", 2).put("n", 1), run("u4").getJsonObject("params"));
    assertEquals(
        new JsonObject().put("t", 2).put("n", 3).put("k", 4), run("u5").getJsonObject("params"));
  }

  @Test
  void ofTwoCopiesOfASpanTheLaterEndCountsAndWhatItLacksIsKept() {
    String early =
        "{\"type\":\"tool\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681,\"spanEndedAt\":1795289571690,\"input\":\"old\",\"params\":{\"n\":1},\"userId\":\"u\",\"tags\":[\"t\"],\"templateVersionId\":7,\"metadata\":{\"a\":1,\"b\":1}}";
    String late =
        "{\"type\":\"tool\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681,\"spanEndedAt\":1795289571691,\"input\":\"new\",\"name\":\"later\",\"metadata\":{\"b\":2}}";
    int run = 0;
    for (List<String> order :
        List.of(List.of(early, late), List.of(late, early), List.of(early, late, early))) {
      String id = "k" + run++;
      order.forEach(event -> send(event.formatted(id)));

      assertEquals("new", run(id).getString("input"));
      assertEquals("later", run(id).getString("name"));
      assertEquals(new JsonObject().put("n", 1), run(id).getJsonObject("params"));
      assertEquals("u", run(id).getString("user_name"));
      assertEquals(new JsonArray().add("t"), run(id).getJsonArray("tags"));
      assertEquals(7, run(id).getInteger("template_version_id"));
      assertEquals(new JsonObject().put("a", 1).put("b", 2), run(id).getJsonObject("metadata"));
    }
  }

  @Test
  void answersOfSeveralEventsComeByTheirNumberInAnyOrder() {
    String start =
        "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681}";
    String answer =
        "{\"type\":\"llm\",\"event\":\"supplement\",\"runId\":\"%s\",\"timestamp\":17952895716%d,\"choice\":%d,\"output\":\"a%d\",\"metadata\":{\"finishReasons\":[\"r%d\"]}}";
    for (String id : List.of("n1", "n2")) {
      List<String> events =
          new java.util.ArrayList<>(
              List.of(
                  answer.formatted(id, 91, 1, 1, 1),
                  answer.formatted(id, 92, 0, 0, 0),
                  start.formatted(id)));
      if (id.equals("n2")) {
        java.util.Collections.reverse(events);
      }
      events.forEach(this::send);

      assertEquals(new JsonArray().add("a0").add("a1"), run(id).getJsonArray("output"));
      assertEquals(
          new JsonArray().add("r0").add("r1"),
          run(id).getJsonObject("metadata").getJsonArray("finishReasons"));
    }
  }

  @Test
  void hiddenInputHidesTheErrorThatALogSuppliesInBothOrders() {
    String start =
        "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681,\"input\":\"__NOT_INGESTED__\"}";
    String failure =
        "{\"type\":\"llm\",\"event\":\"error\",\"runId\":\"%s\",\"timestamp\":1795289571689,\"error\":{\"message\":\"Unknown error\"}}";
    String supplement =
        "{\"type\":\"llm\",\"event\":\"supplement\",\"runId\":\"%s\",\"timestamp\":1795289571688,\"error\":{\"message\":\"confidential\"}}";
    for (String event : List.of(start, failure, supplement)) {
      send(event.formatted("e1"));
    }
    for (String event : List.of(supplement, failure, start)) {
      send(event.formatted("e2"));
    }

    assertEquals(
        0,
        pipeline
            .rows(
                "SELECT 1 AS x FROM run_payload WHERE project_id = $1"
                    + " AND (error LIKE '%confidential%' OR fold LIKE '%confidential%')")
            .size());
    assertEquals(
        2,
        pipeline
            .rows(
                "SELECT 1 AS x FROM run_payload WHERE project_id = $1"
                    + " AND error = '{\"message\":\"__NOT_INGESTED__\"}'")
            .size());
  }

  @Test
  void hiddenInputHidesTheOutputInBothOrders() {
    for (List<String> order :
        List.of(List.of("h1", "start", "end"), List.of("h2", "end", "start"))) {
      String start =
          "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"%s\",\"timestamp\":1795289571681,\"input\":\"__NOT_INGESTED__\"}";
      String end =
          "{\"type\":\"llm\",\"event\":\"end\",\"runId\":\"%s\",\"timestamp\":1795289571689,\"output\":\"secret\"}";
      send((order.get(1).equals("start") ? start : end).formatted(order.get(0)));
      send((order.get(1).equals("start") ? end : start).formatted(order.get(0)));

      assertEquals("__NOT_INGESTED__", run(order.get(0)).getString("output"));
    }
    assertEquals(
        0,
        pipeline
            .rows("SELECT 1 AS x FROM run_payload WHERE project_id = $1 AND output LIKE '%secret%'")
            .size());
  }

  @Test
  void anyTimestampFindsAHome() {
    for (String at :
        List.of("1970-01-01T00:00:00Z", "2099-06-01T00:00:00Z", "0001-01-01T00:00:00Z")) {
      String id = "at-" + at;
      String event = "{\"type\":\"tool\",\"event\":\"%s\",\"runId\":\"%s\",\"timestamp\":\"%s\"}";
      send(event.formatted("start", id, at));
      send(event.formatted("end", id, at));
      send(event.formatted("start", id, at));

      assertEquals("success", run(id).getString("status"));
    }
  }

  @Test
  void idsOfAnyLengthAreStored() {
    String text =
        new Random(1)
            .ints(9000, 'a', 'z')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    send(
        "{\"type\":\"%1$s\",\"event\":\"start\",\"runId\":\"%1$s\",\"userId\":\"%1$s\",\"name\":\"%1$s\",\"tags\":[\"%1$s\"]}"
            .formatted(text));

    assertTrue(text.startsWith(run(text).getString("user_name").substring(0, 400)));
    assertEquals(text, run(text).getString("name"));
  }

  @Test
  void aTraceThatArrivesBackwardsIsTheSameTree() {
    List<String> events =
        Stream.of(
                "{\"type\":\"agent\",\"event\":\"start\",\"runId\":\"A%s\",\"timestamp\":1795289571681,\"userId\":\"u\"}",
                "{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"B%s\",\"parentRunId\":\"A%s\",\"name\":\"gpt-4o\",\"timestamp\":1795289571682,\"input\":\"q\"}",
                "{\"type\":\"llm\",\"event\":\"end\",\"runId\":\"B%s\",\"timestamp\":1795289571782,\"output\":\"ok\"}",
                "{\"type\":\"agent\",\"event\":\"end\",\"runId\":\"A%s\",\"timestamp\":1795289571783,\"output\":{\"a\":1}}")
            .toList();
    events.forEach(event -> send(event.replace("%s", "1")));
    for (int i = events.size() - 1; i >= 0; i--) {
      send(events.get(i).replace("%s", "2"));
    }

    for (String run : List.of("A", "B")) {
      assertEquals(comparable(run(run + "1")), comparable(run(run + "2")));
    }
    assertTrue(run("B2").getDouble("cost") > 0);
  }

  private static JsonObject comparable(JsonObject run) {
    JsonObject copy = run.copy();
    copy.remove("id");
    copy.remove("parent_run_id");
    return copy;
  }

  private void send(String... events) {
    assertEquals(List.of(), pipeline.send("[" + String.join(",", events) + "]"));
  }

  private JsonObject run(String id) {
    return pipeline.run(id);
  }

  private static void assertComplete(JsonObject run) {
    assertEquals("llm", run.getString("type"));
    assertEquals("gpt-4o", run.getString("name"));
    assertEquals("success", run.getString("status"));
    assertEquals(true, run.getBoolean("started"));
    assertEquals(11, run.getInteger("prompt_tokens"));
    assertEquals(14, run.getInteger("completion_tokens"));
    assertEquals(0.0001675, run.getDouble("cost"));
    assertEquals("u1", run.getString("user_name"));
    assertEquals(new JsonArray().add("a").add("b"), run.getJsonArray("tags"));
    assertEquals(new JsonObject().put("m", 1).put("k", "e"), run.getJsonObject("metadata"));
    assertTrue(run.getString("created_at").startsWith("2026-11-20T10:00:00"));
    assertTrue(run.getString("ended_at").startsWith("2026-11-20T10:00:02.345"));
    assertEquals("Hello. How are you?", run.getJsonObject("output").getString("content"));
  }
}
