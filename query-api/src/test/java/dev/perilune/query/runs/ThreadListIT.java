package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadListIT extends OnQueryApi {

  private static final String THREAD = A;
  private static final String OTHER = B;
  private static final String CHAT = C;
  private static final String FIRST = "/data/0/firstMessage";

  private int messages;

  @Test
  void threadsShowTheirFirstMessageAndHowManyThereAre() {
    api.run(THREAD, "thread", NOON);
    message(THREAD, CHAT, "200", "chat", "{\"role\":\"assistant\",\"content\":\"yes\"}");
    message(THREAD, CHAT, "100", "chat", "{\"role\":\"user\",\"content\":\"well?\"}");
    message(THREAD, CHAT, "050", "custom-event", "null");
    api.run(CHAT, "chat", NOON, "parent_run_id", THREAD, "parent_type", "thread");
    api.payload(CHAT, NOON, "input", "[{}]", "output", "[{}]");

    JsonNode list = api.json("/v1/runs?type=thread");
    assertEquals("{\"role\":\"user\",\"content\":\"well?\"}", list.at(FIRST).toString());
    assertEquals("2", list.at("/data/0/messagesCount").toString());
  }

  @Test
  void anEmptyThreadHasNoFirstMessage() {
    api.run(THREAD, "thread", NOON);
    JsonNode list = api.json("/v1/runs?type=thread");
    assertTrue(list.at(FIRST).isNull());
    assertEquals(0, list.at("/data/0/messagesCount").asInt());
  }

  @Test
  void exchangesOfOlderClientsCountTheirTextsAsMessages() {
    api.run(THREAD, "thread", NOON);
    api.run(CHAT, "chat", NOON, "parent_run_id", THREAD);
    api.payload(
        CHAT, NOON, "input", "\"hi\"", "output", "[{\"content\":\"a\"},{\"content\":\"b\"}]");
    JsonNode list = api.json("/v1/runs?type=thread");
    assertEquals("{\"role\":\"user\",\"content\":\"hi\"}", list.at(FIRST).toString());
    assertEquals(3, list.at("/data/0/messagesCount").asInt());
  }

  @Test
  void threadsAreOrderedByTheirMessages() {
    api.run(THREAD, "thread", NOON);
    api.run(OTHER, "thread", NOON);
    message(THREAD, CHAT, "1", "chat", "{}");
    message(THREAD, CHAT, "2", "chat", "{}");
    message(OTHER, CHAT, "1", "chat", "{}");
    String path = "/v1/runs?type=thread&sortField=messagesCount";
    assertEquals(List.of(OTHER, THREAD), api.ids(path));
    assertEquals(List.of(THREAD, OTHER), api.ids(path + "&sortDirection=desc"));
  }

  @Test
  void feedbackOfChatsIsListedWithItsGaps() {
    api.run(THREAD, "thread", NOON);
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", OTHER, "run_id", THREAD);
    api.run(CHAT, "chat", "2025-05-01T12:00:01Z", "parent_run_id", THREAD);
    api.run(
        "dddddddd-0000-4000-8000-000000000004",
        "chat",
        "2025-05-01T12:00:02Z",
        "parent_run_id",
        OTHER,
        "feedback",
        "{\"thumb\": \"up\"}");
    api.run(
        "eeeeeeee-0000-4000-8000-000000000005",
        "llm",
        "2025-05-01T12:00:03Z",
        "parent_run_id",
        THREAD,
        "feedback",
        "{\"thumb\": \"down\"}");
    assertEquals(
        "[null,{\"thumb\":\"up\"}]",
        api.json("/v1/runs?type=thread").at("/data/0/feedbacks").toString());
  }

  private void message(String thread, String run, String micros, String kind, String message) {
    messages++;
    api.insert(
        "thread_message",
        "project_id",
        QueryTester.PROJECT,
        "thread_id",
        thread,
        "at_micros",
        micros,
        "position",
        "0",
        "tie",
        String.valueOf(messages),
        "message_id",
        "00000000-0000-4000-8000-%012d".formatted(messages),
        "kind",
        kind,
        "message",
        message,
        "run_id",
        run);
  }
}
