package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.perilune.model.SpanNames;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spans of different traces that use the same id. */
class SpanCollisionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String ONE = "0000000000000000000000000000000a";
  private static final String TWO = "0000000000000000000000000000000b";
  private static final String SPAN = "00000000000000a1";
  private static final String PARENT = "00000000000000b1";

  private static final String SKELETON =
      """
      SELECT r.metadata ->> 'is' AS is, p.metadata ->> 'is' AS below, r.parent_type, r.status
        FROM run r
        LEFT JOIN run p ON p.project_id = r.project_id AND p.id = r.parent_run_id
       WHERE r.project_id = $1
       ORDER BY 1
      """;

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
  void theSecondTraceGetsARunOfItsOwnAndNothingChangesWhenBothAreSentAgain() {
    List<String> first = List.of(start(ONE, SPAN, null), end(ONE, SPAN));
    List<String> second = List.of(start(TWO, SPAN, null), end(TWO, SPAN));

    send(first);
    send(second);

    assertEquals("a " + SPAN, is(pipeline.run(SPAN)));
    assertEquals("b " + SPAN, is(pipeline.run(other(TWO, SPAN))));
    assertEquals("success", pipeline.run(other(TWO, SPAN)).getString("status"));
    JsonArray before = rows();
    send(second);
    send(first);
    List<String> both = new ArrayList<>(second);
    both.addAll(first);
    send(both);
    assertEquals(before, rows());
    assertEquals(new JsonArray(), pipeline.figuresThatAreOff());
  }

  @Test
  void everyChildIsBelowTheSpanOfItsOwnTraceInWhateverOrderTheyCome() {
    List<String> events =
        List.of(
            start(ONE, PARENT, null),
            start(ONE, SPAN, PARENT),
            start(TWO, PARENT, null),
            start(TWO, SPAN, PARENT));
    for (List<String> order : permutations(events)) {
      pipeline.addProject();
      send(order);
      assertEquals(twoTrees(), pipeline.rows(SKELETON), () -> "in one batch: " + order);

      pipeline.addProject();
      order.forEach(event -> send(List.of(event)));
      assertEquals(twoTrees(), pipeline.rows(SKELETON), () -> "one by one: " + order);
      assertEquals(
          new JsonArray(), pipeline.rows("SELECT * FROM run_orphan WHERE project_id = $1"));
    }
  }

  @Test
  void aChildThatIsStoredBesideAForeignParentWaitsForItsOwn() throws Exception {
    send(List.of(start(TWO, PARENT.replace('b', 'c'), null)));
    PipelineTester beside = pipeline.beside();
    pipeline.writeSlowly(
        pipeline.records(body(List.of(start(TWO, SPAN, PARENT)))),
        () ->
            beside.writeWithoutSettling(pipeline.records(body(List.of(start(ONE, PARENT, null))))));
    beside.release();
    pipeline.settleAll();
    assertNull(pipeline.run(SPAN).getString("parent_type"));

    send(List.of(start(TWO, PARENT, null)));

    assertEquals("agent", pipeline.run(SPAN).getString("parent_type"));
    assertEquals(
        pipeline.run(other(TWO, PARENT)).getString("id"),
        pipeline.run(SPAN).getString("parent_run_id"));
  }

  @Test
  void whatElseIsToldOfASpanGoesToTheRunOfItsTrace() {
    send(List.of(start(ONE, SPAN, null), end(ONE, SPAN)));
    send(List.of(start(TWO, SPAN, null)));

    send(
        List.of(
            event("supplement", TWO, SPAN, "\"output\":[{\"role\":\"assistant\"}]"),
            event("feedback", TWO, SPAN, "\"feedback\":{\"thumb\":\"up\"}"),
            event("score", TWO, SPAN, "\"score\":{\"label\":\"tone\",\"value\":1}"),
            "{\"type\":\"log\",\"event\":\"info\",\"parentRunId\":\"%s\",\"spanTraceId\":\"%s\",\"message\":\"m\"}"
                .formatted(SPAN, TWO)));

    JsonObject second = pipeline.run(other(TWO, SPAN));
    assertEquals(new JsonObject().put("thumb", "up"), second.getJsonObject("feedback"));
    assertEquals(
        new JsonArray().add(new JsonObject().put("role", "assistant")),
        second.getJsonArray("output"));
    for (String query :
        List.of(
            "SELECT run_id AS id FROM run_score WHERE project_id = $1",
            "SELECT parent_run_id AS id FROM log_line WHERE project_id = $1")) {
      assertEquals(second.getString("id"), pipeline.row(query).getString("id"), query);
    }
    assertNull(pipeline.run(SPAN).getJsonObject("feedback"));
    assertNull(pipeline.run(SPAN).getValue("output"));
  }

  @Test
  void aRunThatOnlyItsMetadataTellsTheTraceOfKeepsItsTrace() {
    String noted = "\"otelTraceId\":\"" + ONE + "\",\"is\"";
    send(List.of(start(ONE, PARENT, null).replace("\"is\"", noted)));
    pipeline.change("UPDATE run SET trace_id = NULL WHERE project_id = $1");

    send(List.of(start(TWO, SPAN, PARENT), start(TWO, PARENT, null)));

    assertEquals("a " + PARENT, is(pipeline.run(PARENT)));
    assertEquals(
        pipeline.run(other(TWO, PARENT)).getString("id"),
        pipeline.run(SPAN).getString("parent_run_id"));
  }

  @Test
  void theSameSpanInTwoProjectsIsTwoRunsOfTheSameId() {
    send(List.of(start(ONE, SPAN, null)));
    String id = pipeline.run(SPAN).getString("id");

    pipeline.addProject();
    send(List.of(start(TWO, SPAN, null)));

    assertEquals(id, pipeline.run(SPAN).getString("id"));
    assertNotEquals(id, other(TWO, SPAN));
    assertEquals("b " + SPAN, is(pipeline.run(SPAN)));
  }

  private static JsonArray twoTrees() {
    JsonArray trees = new JsonArray();
    for (String trace : List.of("a", "b")) {
      trees
          .add(
              new JsonObject()
                  .put("is", trace + " " + SPAN)
                  .put("below", trace + " " + PARENT)
                  .put("parent_type", "agent")
                  .put("status", "started"))
          .add(
              new JsonObject()
                  .put("is", trace + " " + PARENT)
                  .putNull("below")
                  .putNull("parent_type")
                  .put("status", "started"));
    }
    return trees;
  }

  private static String start(String trace, String span, String parent) {
    String type = span.equals(SPAN) ? "llm" : "agent";
    String below = parent == null ? "" : ",\"parentRunId\":\"%s\"".formatted(parent);
    return event("start", trace, span, "\"spanEndedAt\":1795289571690" + below)
        .replace("\"llm\"", '"' + type + '"')
        .replace(
            "\"runId\"",
            "\"metadata\":{\"is\":\"%s %s\"},\"runId\"".formatted(trace.charAt(31), span));
  }

  private static String end(String trace, String span) {
    return event("end", trace, span, "\"tokensUsage\":{\"prompt\":3,\"completion\":4}");
  }

  private static String event(String kind, String trace, String span, String more) {
    return "{\"type\":\"llm\",\"event\":\"%s\",\"timestamp\":1795289571681,\"runId\":\"%s\",\"spanTraceId\":\"%s\",%s}"
        .formatted(kind, span, trace, more);
  }

  /** The id of the run that a span gets where another trace was first. */
  private String other(String trace, String span) {
    return SpanNames.otherRunId(
            Objects.requireNonNull(SpanNames.traceId(trace)), span, pipeline.project)
        .toString();
  }

  private static String is(JsonObject run) {
    return run.getJsonObject("metadata").getString("is");
  }

  private JsonArray rows() {
    return pipeline.rows(
        "SELECT r.*, p.input, p.output FROM run r JOIN run_payload p"
            + " ON p.project_id = r.project_id AND p.run_id = r.id"
            + " WHERE r.project_id = $1 ORDER BY r.id");
  }

  private void send(List<String> events) {
    assertEquals(List.of(), pipeline.send(body(events)));
  }

  private static String body(List<String> events) {
    return "[" + String.join(",", events) + "]";
  }

  private static List<List<String>> permutations(List<String> events) {
    if (events.isEmpty()) {
      return List.of(List.of());
    }
    List<List<String>> all = new ArrayList<>();
    for (String first : events) {
      List<String> rest = new ArrayList<>(events);
      rest.remove(first);
      for (List<String> order : permutations(rest)) {
        List<String> longer = new ArrayList<>(List.of(first));
        longer.addAll(order);
        all.add(longer);
      }
    }
    return all;
  }
}
