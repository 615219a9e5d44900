package dev.perilune.query.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.testkit.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String LETTERS = "/v1/ingest/dead-letters";

  private QueryTester api;

  @BeforeEach
  void start() {
    api = new QueryTester(POSTGRES.settings());
  }

  @AfterEach
  void stop() throws SQLException {
    api.close();
  }

  @Test
  void lettersComeNewestFirstByPageAndByReason() {
    for (int i = 0; i < 5; i++) {
      letter(QueryTester.PROJECT, i, i % 2 == 0 ? "even" : "odd", "7b7d");
    }
    letter(QueryTester.SIBLING, 5, "even", "7b7d");

    assertEquals(List.of(4, 3), offsets(LETTERS + "?limit=2"));
    assertEquals(List.of(2, 1), offsets(LETTERS + "?limit=2&page=1"));
    assertEquals(List.of(4, 2, 0), offsets(LETTERS + "?reason=even"));
    assertEquals(List.of(), offsets(LETTERS + "?reason=e"));
    assertEquals(422, api.get(LETTERS + "?limit=201").status());
  }

  @Test
  void recordsAreTextWhereTheyAreTextElseBase64() {
    letter(QueryTester.PROJECT, 1, "x", hex("{\"a\":\"é\"}"));
    letter(QueryTester.PROJECT, 2, "x", "ff00");

    JsonNode data = api.json(LETTERS).path("data");

    assertEquals("/wA=", data.path(0).path("record").asText());
    assertEquals("base64", data.path(0).path("recordEncoding").asText());
    assertEquals("{\"a\":\"é\"}", data.path(1).path("record").asText());
    assertEquals("utf8", data.path(1).path("recordEncoding").asText());
    assertTrue(data.path(1).path("recordComplete").asBoolean());
  }

  @Test
  void aLongRecordIsCutInTheListAndWholeAlone() {
    // the 16384th byte is the first of the two of a character
    String text = "x".repeat((16 << 10) - 1) + "é".repeat(20);
    letter(QueryTester.PROJECT, 1, "x", hex(text));

    JsonNode listed = api.json(LETTERS).path("data").path(0);
    JsonNode alone = api.json(LETTERS + "/" + listed.path("id").asLong());

    assertEquals("utf8", listed.path("recordEncoding").asText());
    assertEquals("x".repeat((16 << 10) - 1), listed.path("record").asText());
    assertFalse(listed.path("recordComplete").asBoolean());
    assertEquals((16 << 10) + 39, listed.path("recordBytes").asInt());
    assertEquals(text, alone.path("record").asText());
    assertTrue(alone.path("recordComplete").asBoolean());
  }

  @Test
  void anotherProjectsLetterIsNotFoundAndNotRedriven() {
    letter(QueryTester.FOREIGN, 1, "x", "7b7d");
    long id = id();

    assertEquals(404, api.get(LETTERS + "/" + id).status());
    assertEquals(404, api.get(LETTERS + "/x").status());
    assertEquals(0, redrive("{\"ids\":[%d]}".formatted(id)).path("requested").asInt());
  }

  @Test
  void lettersAreMarkedByIdByReasonOrAllOfThemOnce() {
    for (int i = 0; i < 6; i++) {
      letter(QueryTester.PROJECT, i, i < 3 ? "first" : "second", "7b7d");
    }
    long newest = id();

    assertEquals(1, redrive("{\"ids\":[%d]}".formatted(newest)).path("requested").asInt());
    assertEquals(3, redrive("{\"reason\":\"first\"}").path("requested").asInt());
    assertEquals(2, redrive("").path("requested").asInt());
    assertEquals(0, redrive("{}").path("requested").asInt());
    assertTrue(api.json(LETTERS + "/" + newest).path("redriveRequestedAt").isTextual());
  }

  @Test
  void oneRequestMarksSoManyAndTellsThatThereIsMore() {
    api.execute(
        """
        INSERT INTO dead_letter
               (project_id, source_topic, source_partition, source_offset, reason, record)
        SELECT '%s', 'perilune.events', 0, n, 'x', '' FROM generate_series(1, 1001) n
        """
            .formatted(QueryTester.PROJECT));

    JsonNode first = redrive("");
    JsonNode second = redrive("");

    assertEquals(1000, first.path("requested").asInt());
    assertTrue(first.path("more").asBoolean());
    assertEquals(1, second.path("requested").asInt());
    assertFalse(second.path("more").asBoolean());
  }

  @Test
  void thePrivateKeyIsNeeded() {
    assertEquals(401, api.get(LETTERS, QueryTester.PROJECT).status());
    assertEquals(401, api.getAnonymously(LETTERS).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"ids\":5}", "{\"ids\":[\"a\"]}", "{\"reason\":5}", "[]", "{"})
  void otherBodiesAreRefused(String body) {
    int status = api.post(LETTERS + "/redrive", body).status();
    assertEquals(body.startsWith("{\"") ? 422 : 400, status);
  }

  private JsonNode redrive(String body) {
    QueryTester.Reply reply = api.post(LETTERS + "/redrive", body);
    assertEquals(200, reply.status(), reply.body());
    return QueryTester.tree(reply.body());
  }

  private List<Integer> offsets(String path) {
    List<Integer> offsets = new ArrayList<>();
    api.json(path).path("data").forEach(letter -> offsets.add(letter.path("offset").asInt()));
    return offsets;
  }

  private long id() {
    return api.number("SELECT max(id) FROM dead_letter");
  }

  private void letter(String project, long offset, String reason, String recordHex) {
    api.insert(
        "dead_letter",
        "project_id",
        project,
        "source_topic",
        "perilune.events",
        "source_partition",
        "0",
        "source_offset",
        Long.toString(offset),
        "reason",
        reason,
        "record",
        "\\x" + recordHex);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
