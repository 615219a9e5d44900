package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One visit of one user: the events it causes, in order, with a clock that moves as it goes. */
final class Story {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random ids;
  private final DemoUser user;
  private final List<ObjectNode> events = new ArrayList<>();
  private Instant now;
  private int runs;

  Story(Random ids, DemoUser user, Instant begin) {
    this.ids = ids;
    this.user = user;
    this.now = begin;
  }

  List<ObjectNode> events() {
    return events;
  }

  int runs() {
    return runs;
  }

  void advance(long millis) {
    now = now.plusMillis(millis);
  }

  String newId() {
    return new UUID(ids.nextLong(), ids.nextLong()).toString();
  }

  /** Starts a run and returns its event for what else it should carry. */
  ObjectNode start(String type, String name, @Nullable String parentId, JsonNode input) {
    runs++;
    ObjectNode event = event(type, "start", newId());
    event.put("name", name);
    event.put("runtime", "perilune-demo");
    event.set("input", input);
    if (parentId != null) {
      event.put("parentRunId", parentId);
    }
    user.describe(event);
    return event;
  }

  ObjectNode end(ObjectNode started, JsonNode output) {
    ObjectNode event = event(typeOf(started), "end", idOf(started));
    event.set("output", output);
    return event;
  }

  void fail(ObjectNode started, String message) {
    ObjectNode event = event(typeOf(started), "error", idOf(started));
    event.set(
        "error",
        JSON.objectNode()
            .put("message", message)
            .put("stack", "Error: " + message + "\n    at run"));
  }

  /** A message of a conversation; returns its event. */
  ObjectNode message(String threadId, String role, String content) {
    ObjectNode event = event("thread", "chat", newId());
    event.put("parentRunId", threadId);
    event.set("message", JSON.objectNode().put("role", role).put("content", content));
    user.describe(event);
    return event;
  }

  void customEvent(String threadId, String name, ObjectNode metadata) {
    runs++;
    ObjectNode event = event("thread", "custom-event", newId());
    event.put("parentRunId", threadId).put("name", name);
    event.set("metadata", metadata);
    user.describe(event);
  }

  void feedback(String runId, boolean isGood, @Nullable String comment) {
    ObjectNode feedback = JSON.objectNode().put("thumb", isGood ? "up" : "down");
    if (comment != null) {
      feedback.put("comment", comment);
    }
    ObjectNode event = event("llm", "feedback", runId);
    event.putNull("type").set("feedback", feedback);
  }

  /** Counts a run that the processor makes of messages: a thread, or one exchange in it. */
  void countsRun() {
    runs++;
  }

  static String idOf(ObjectNode event) {
    return event.get("runId").asText();
  }

  static ArrayNode messages(String... rolesAndContents) {
    ArrayNode messages = JSON.arrayNode();
    for (int i = 0; i < rolesAndContents.length; i += 2) {
      messages.add(message(rolesAndContents[i], rolesAndContents[i + 1]));
    }
    return messages;
  }

  static ObjectNode message(String role, String content) {
    return JSON.objectNode().put("role", role).put("content", content);
  }

  private static String typeOf(ObjectNode event) {
    return event.get("type").asText();
  }

  private ObjectNode event(String type, String name, String runId) {
    ObjectNode event = JSON.objectNode();
    event.put("type", type).put("event", name).put("runId", runId);
    event.put("timestamp", now.toEpochMilli());
    events.add(event);
    return event;
  }
}
