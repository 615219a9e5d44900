package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.model.RunIds;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A body that clients send, and the runs that must come of it: {@code name.json} and {@code
 * name.expected.json}. Runs are named by their ids as sent.
 */
record Replay(List<JsonNode> events, JsonNode expected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The project that the captured bodies name. */
  private static final String CAPTURED_PROJECT = "11111111-1111-4111-8111-111111111111";

  /** How the same events may arrive. */
  enum Arrival {
    AS_CAPTURED,
    REVERSED,
    ONE_BY_ONE,
    ONE_BY_ONE_REVERSED,
    TWICE_IN_ONE_BODY,
    AGAIN_LATER;

    private List<List<JsonNode>> bodies(List<JsonNode> events) {
      List<JsonNode> reversed = new ArrayList<>(events);
      Collections.reverse(reversed);
      return switch (this) {
        case AS_CAPTURED -> List.of(events);
        case REVERSED -> List.of(reversed);
        case ONE_BY_ONE -> events.stream().map(List::of).toList();
        case ONE_BY_ONE_REVERSED -> reversed.stream().map(List::of).toList();
        case TWICE_IN_ONE_BODY -> {
          List<JsonNode> twice = new ArrayList<>(events);
          twice.addAll(events);
          yield List.of(twice);
        }
        case AGAIN_LATER -> List.of(events, events);
      };
    }
  }

  static Replay load(String name, String project) {
    JsonNode body = read(name + ".json", project);
    List<JsonNode> events = new ArrayList<>();
    body.get("events").forEach(events::add);
    return new Replay(events, read(name + ".expected.json", project));
  }

  private static JsonNode read(String file, String project) {
    try (InputStream in = Replay.class.getResourceAsStream("/" + file)) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      return JSON.readTree(text.replace(CAPTURED_PROJECT, project));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String path() {
    return expected.path("path").asText("/v1/runs/ingest");
  }

  boolean hasCredential() {
    return !expected.path("withoutCredential").asBoolean();
  }

  List<String> bodies(Arrival arrival) {
    return arrival.bodies(events).stream().map(Replay::body).toList();
  }

  private static String body(List<JsonNode> events) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("events");
    events.forEach(list::add);
    return body.toString();
  }

  /** The id that a run sent as {@code raw} is stored under. */
  static String storedId(String raw) {
    UUID id = Objects.requireNonNull(RunIds.derive(raw), raw);
    return id.toString();
  }
}
