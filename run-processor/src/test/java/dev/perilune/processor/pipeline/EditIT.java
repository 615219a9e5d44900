package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people change stands, whatever events say before, meanwhile and later. */
class EditIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final RunEdit UP = new RunEdit.Feedback(Map.of("thumb", "\"up\""));
  private static final RunEdit TAGS = new RunEdit.Tags(List.of("mine"));
  private static final RunEdit SHOW = new RunEdit.Visibility(true);

  private static final String START =
      """
      {"type":"llm","event":"start","runId":"call","name":"gpt-4o","tags":["theirs"],
       "timestamp":"2026-11-20T10:00:01Z","input":"q"}""";
  private static final String END =
      """
      {"type":"llm","event":"end","runId":"call","timestamp":"2026-11-20T10:00:09Z",
       "tags":["later"],"output":"a"}""";
  private static final String DOWN =
      """
      {"event":"feedback","runId":"call","timestamp":"2026-11-20T10:00:10Z",
       "feedback":{"thumb":"down","comment":"old"}}""";

  /** Runs without the tags that a person set for one of their ids. */
  private static final String UNDONE =
      """
      SELECT r.id, r.type, r.tags
        FROM run r
       WHERE r.project_id = $1 AND (r.tags IS NULL OR r.tags[1] NOT LIKE 'mine-%')
         AND (r.type NOT IN ('chat', 'custom-event')
              OR EXISTS (SELECT 1 FROM run_alias a
                          WHERE a.project_id = $1 AND a.run_id = r.id AND a.edits IS NOT NULL))
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anEditStandsWhereverItFallsAmongTheEvents(int place) {
    List<String> events = List.of(START, END, DOWN);
    for (String event : events.subList(0, place)) {
      send(event);
    }
    edit("call", UP, TAGS);
    for (String event : events.subList(place, events.size())) {
      send(event);
    }

    assertEdited("call");
    JsonObject run = pipeline.run("call");
    assertEquals("old", run.getJsonObject("feedback").getString("comment"));
    assertEquals("a", run.getString("output"));
  }

  @Test
  void replaysInAnyOrderKeepEdits() {
    List<SourceRecord> records =
        new ArrayList<>(pipeline.records("[" + String.join(",", START, END, DOWN) + "]"));
    pipeline.write(records);
    edit("call", UP, TAGS, SHOW);

    for (int seed = 1; seed <= 5; seed++) {
      Collections.shuffle(records, new Random(seed));
      for (SourceRecord record : records) {
        pipeline.write(List.of(record));
      }
    }

    assertEdited("call");
    assertTrue(pipeline.run("call").getBoolean("is_public"));
  }

  static LongStream seeds() {
    return LongStream.range(1, 1 + Long.getLong("perilune.edit.histories", 10));
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  void editsAmongTheEventsOfAnyHistoryStand(long seed) {
    pipeline.addProject();
    Random random = new Random(seed);
    List<String> events = Histories.events(seed);
    List<SourceRecord> records =
        new ArrayList<>(pipeline.records("[" + String.join(",", events) + "]"));
    records.addAll(records.subList(0, records.size() / 3));
    Collections.shuffle(records, random);
    List<String> ids = new ArrayList<>(new TreeSet<>(idsIn(events)));
    Collections.shuffle(ids, random);

    while (!records.isEmpty() || !ids.isEmpty()) {
      if (!ids.isEmpty() && (records.isEmpty() || random.nextBoolean())) {
        String id = ids.remove(0);
        edit(id, new RunEdit.Tags(List.of("mine-" + id)));
      } else {
        int size = Math.min(records.size(), 1 + random.nextInt(5));
        pipeline.write(List.copyOf(records.subList(0, size)));
        records.subList(0, size).clear();
      }
    }

    assertEquals("[]", pipeline.rows(UNDONE).encode());
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
  }

  private static Set<String> idsIn(List<String> events) {
    Pattern id = Pattern.compile("\"(?:runId|parentRunId)\":\"((?:run|message|thread)-[0-9]+)\"");
    return events.stream()
        .flatMap(event -> id.matcher(event).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void feedbackGivenLaterThanThePersonsCounts() {
    send(START);
    edit("call", UP);

    send(
        """
        {"event":"feedback","runId":"call","timestamp":"2100-01-01T00:00:00Z",
         "feedback":{"thumb":"down"}}""");
    assertEquals("down", pipeline.run("call").getJsonObject("feedback").getString("thumb"));

    edit("call", UP);
    assertEquals("up", pipeline.run("call").getJsonObject("feedback").getString("thumb"));
  }

  @Test
  void aRunThatMovesToAnotherWeekKeepsItsEdits() {
    send(END);
    edit("call", UP, TAGS, SHOW);

    send(START.replace("2026-11-20", "2026-11-02"));

    assertEdited("call");
    assertTrue(pipeline.run("call").getBoolean("is_public"));
    assertEquals("2026-11-02T10:00:01+00:00", pipeline.run("call").getString("created_at"));
  }

  @Test
  void aParentThatComesLateKeepsEdits() {
    send(START.replace("\"input\"", "\"parentRunId\":\"agent\",\"input\""));
    edit("call", UP, TAGS, SHOW);

    send(
        """
        {"type":"agent","event":"start","runId":"agent","userId":"u",
         "timestamp":"2026-11-20T10:00:00Z"}""");

    assertEdited("call");
    assertEquals("u", pipeline.run("call").getString("user_name"));
    assertTrue(pipeline.run("call").getBoolean("is_public"));
  }

  @Test
  void anExchangeKeepsEditsWhenItsConversationGoesOn() {
    send(message("m1", "user", 1));
    edit("m1", UP, TAGS, SHOW);

    send(message("m2", "assistant", 2));
    assertEdited("m2");
    assertTrue(pipeline.run("m2").getBoolean("is_public"));

    edit("m1", new RunEdit.Tags(List.of("again")));
    send(message("m0", "user", 0));
    assertEquals(new JsonArray().add("again"), pipeline.run("m2").getJsonArray("tags"));
    assertTrue(pipeline.run("m2").getBoolean("is_public"));
  }

  @Test
  void anExchangeTakesOverTheEditsOfOnesThatItSwallows() {
    send(message("m3", "assistant", 3));
    send(message("m1", "user", 1));
    // answers without a question between them are one exchange with it
    edit("m1", UP, TAGS, SHOW);
    send(message("m2", "assistant", 2));
    send(message("m0", "user", 0));

    assertEdited("m3");
    assertTrue(pipeline.run("m3").getBoolean("is_public"));
  }

  @Test
  void aThreadKeepsItsTags() {
    send(message("m1", "user", 1).replace("\"message\"", "\"threadTags\":[\"a\"],\"message\""));
    edit("thread", TAGS);

    send(message("m2", "user", 2).replace("\"message\"", "\"threadTags\":[\"b\"],\"message\""));

    assertEquals(new JsonArray().add("mine"), pipeline.run("thread").getJsonArray("tags"));
  }

  @Test
  void whatComesBeforeAMessageWaitsForItsExchange() {
    edit("m1", UP, TAGS);

    send(message("m1", "user", 1) + "," + message("m2", "assistant", 2));

    assertEdited("m2");
  }

  @Test
  void noTagsAreAnEditToo() {
    send(START);
    edit("call", new RunEdit.Tags(null));

    send(END);

    assertNull(pipeline.run("call").getJsonArray("tags"));
  }

  @Test
  void aRunThatIsShownStaysThatWayAndOneThatIsHiddenToo() {
    send(START);
    edit("call", SHOW);
    send(END);
    assertTrue(pipeline.run("call").getBoolean("is_public"));

    edit("call", new RunEdit.Visibility(false));
    send(DOWN);
    assertFalse(pipeline.run("call").getBoolean("is_public"));
  }

  private void assertEdited(String id) {
    JsonObject run = pipeline.run(id);
    assertEquals(new JsonArray().add("mine"), run.getJsonArray("tags"));
    assertEquals("up", run.getJsonObject("feedback").getString("thumb"));
    assertEquals("[]", pipeline.figuresThatAreOff().encode());
  }

  private void edit(String id, RunEdit... edits) {
    for (RunEdit edit : edits) {
      pipeline.edit(RunIds.derive(id), edit);
    }
  }

  private void send(String events) {
    assertEquals(List.of(), pipeline.send("[" + events + "]"));
  }

  private static String message(String id, String role, int second) {
    return """
        {"type":"thread","event":"chat","runId":"%s","parentRunId":"thread",
         "timestamp":"2026-11-20T10:00:0%dZ","message":{"role":"%s","content":"c"}}"""
        .formatted(id, second, role);
  }
}
