package dev.perilune.ingest.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.ByteString;
import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.JsonReader;
import dev.perilune.ingest.otlp.decode.ProtobufReader;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.map.SpanTranslator;
import dev.perilune.model.wire.IncomingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spans in, events out, a pair of files for each convention. With {@code PERILUNE_RECORD=true} in
 * the environment the events are written instead of compared.
 */
class GoldenSpansTest {
  static final Path FOLDER = Path.of("src", "test", "resources", "otlp");
  private static final String EVENTS = ".events.json";
  private static final boolean RECORD = "true".equals(System.getenv("PERILUNE_RECORD"));
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  static List<Path> requests() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".json") && !file.toString().endsWith(EVENTS))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void spansBecomeTheseEvents(Path request) throws Exception {
    JsonNode events = events(JsonReader.read(Files.readAllBytes(request), 1000).spans());

    Path file = Path.of(request.toString().replace(".json", EVENTS));
    if (RECORD) {
      Files.writeString(file, JSON.writeValueAsString(events) + "\n");
    }
    assertEquals(
        JSON.writeValueAsString(JSON.readTree(file.toFile())), JSON.writeValueAsString(events));
  }

  @Test
  void spansOfAllConventionsInOneRequestBecomeWhatEachOfThemDoes() throws Exception {
    ArrayNode resources = JSON.createArrayNode();
    ArrayNode expected = JSON.createArrayNode();
    for (Path request : requests()) {
      JSON.readTree(request.toFile()).path("resourceSpans").forEach(resources::add);
      Path file = Path.of(request.toString().replace(".json", EVENTS));
      JSON.readTree(file.toFile()).forEach(expected::add);
    }
    byte[] all = JSON.writeValueAsBytes(JSON.createObjectNode().set("resourceSpans", resources));

    assertEquals(
        JSON.writeValueAsString(expected),
        JSON.writeValueAsString(events(JsonReader.read(all, 1000).spans())));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void protobufGivesTheSameEventsAsJson(Path request) throws Exception {
    byte[] json = Files.readAllBytes(request);
    ByteString protobuf = OtlpSamples.protobufOf(JSON.readTree(json)).toByteString();

    Items<SpanData> spans = ProtobufReader.spans(protobuf.toByteArray(), 1000);

    List<SpanData> decoded = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      decoded.add(spans.get(i));
    }
    assertEquals(sorted(events(JsonReader.read(json, 1000).spans())), sorted(events(decoded)));
  }

  /** Metadata keeps the order in which attributes come, which protobuf's reader does not. */
  private static List<JsonNode> sorted(JsonNode events) {
    List<JsonNode> list = new ArrayList<>();
    events.forEach(list::add);
    return list;
  }

  static JsonNode events(List<SpanData> spans) throws IOException {
    SpanTranslator translator = new SpanTranslator(5 << 20);
    List<IncomingEvent> events = new ArrayList<>();
    for (SpanData span : spans) {
      assertNull(translator.translate(span, events));
    }
    ArrayNode all = JSON.createArrayNode();
    for (IncomingEvent event : events) {
      all.add(JSON.readTree(event.json(), event.from(), event.length()));
    }
    return all;
  }
}
