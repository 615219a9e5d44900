package dev.perilune.query.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.wire.ReceiptBuilder;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.testkit.PostgresExtension;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

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
  void aReceiptIsVisibleOnceItsOffsetsAreStored() {
    offset(3, 11);
    assertTrue(api.json(path(3, 9, 10)).path("visible").asBoolean());
    assertFalse(api.json(path(3, 10, 11)).path("visible").asBoolean());
    assertFalse(api.json(path(4, 0, 0)).path("visible").asBoolean());
    assertEquals(2, api.json(path(3, 9, 10)).path("events").asInt());
  }

  @Test
  void whatWasReachedStaysVisibleWhileAReplayReadsAgain() {
    offset(3, 11);
    api.execute("UPDATE consumer_offset SET reached = 11, next_offset = 2");
    assertTrue(api.json(path(3, 9, 10)).path("visible").asBoolean());
  }

  @Test
  void offsetsOfOtherGroupsDoNotCount() {
    offset(3, 11);
    api.execute("UPDATE consumer_offset SET consumer_group = 'others'");
    assertFalse(api.json(path(3, 9, 10)).path("visible").asBoolean());
  }

  @Test
  void whoWaitsIsAnsweredWhenTheOffsetMoves() throws Exception {
    offset(3, 10);
    CompletableFuture<JsonNode> answer =
        CompletableFuture.supplyAsync(() -> api.json(path(3, 9, 10) + "?wait=20s"));
    api.execute("UPDATE consumer_offset SET next_offset = 11");
    assertTrue(answer.get(15, TimeUnit.SECONDS).path("visible").asBoolean());
  }

  @Test
  void deadLettersOfTheReceiptAreListedAndNoOthers() {
    offset(3, 20);
    letter(QueryTester.PROJECT, 3, 9, "broken");
    letter(QueryTester.PROJECT, 3, 11, "not of this receipt");
    letter(QueryTester.PROJECT, 4, 9, "of another partition");
    letter(QueryTester.FOREIGN, 3, 10, "of another project");

    JsonNode letters = api.json(path(3, 8, 9, 10, 12)).path("deadLetters");

    assertEquals(1, letters.size(), letters.toString());
    assertEquals("broken", letters.path(0).path("reason").asText());
    assertEquals(9, letters.path(0).path("offset").asInt());
    assertEquals(3, letters.path(0).path("partition").asInt());
    assertFalse(letters.path(0).has("record"));
  }

  @Test
  void thePublicKeyMayAskAndNobodyMayNot() {
    assertEquals(200, api.get(path(3, 9), QueryTester.PROJECT).status());
    assertEquals(401, api.getAnonymously(path(3, 9)).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AQID", "%20", "AgEAAQ"})
  void otherTokensAreNotFoundWithATextThatHelps(String token) {
    QueryTester.Reply reply = api.get("/v1/ingest/receipts/" + token);
    assertEquals(404, reply.status());
    assertTrue(reply.body().contains("X-Perilune-Receipt"), reply.body());
  }

  @Test
  void waitsOutOfRangeAreRefused() {
    assertEquals(422, api.get(path(3, 9) + "?wait=31s").status());
  }

  private void offset(int partition, long next) {
    api.insert(
        "consumer_offset",
        "consumer_group",
        QueryTester.GROUP,
        "topic",
        "perilune.events",
        "partition",
        Integer.toString(partition),
        "next_offset",
        Long.toString(next),
        "owner",
        QueryTester.PROJECT);
  }

  private void letter(String project, int partition, long offset, String reason) {
    api.insert(
        "dead_letter",
        "project_id",
        project,
        "source_topic",
        "perilune.events",
        "source_partition",
        Integer.toString(partition),
        "source_offset",
        Long.toString(offset),
        "reason",
        reason,
        "record",
        "{}");
  }

  private static String path(int partition, long... offsets) {
    ReceiptBuilder builder = new ReceiptBuilder();
    for (long offset : offsets) {
      builder.add(partition, offset);
    }
    return "/v1/ingest/receipts/" + builder.build().token();
  }
}
