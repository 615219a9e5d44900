package dev.perilune.ingest.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.JsonReader;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.map.Noise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final String SPAN =
      """
      {"traceId":"4e1f3c0d9a5b47c68d2e7f1a0b9c3d21","spanId":"%016x","parentSpanId":"%s","name":"x",
       "startTimeUnixNano":"1","attributes":[{"key":"%s","value":{"stringValue":"chat"}}]}
      """;

  @Test
  void whatIsBelowASpanThatIsLeftOutGoesBelowTheNearestThatStays() throws Exception {
    List<SpanData> kept =
        kept(
            span(5, 4, "gen_ai.operation.name"),
            span(4, 3, "http.request.method"),
            span(3, 2, "db.system"),
            span(2, 1, "traceloop.span.kind"),
            span(1, 0, "http.route"));

    assertEquals(List.of(id(5), id(2)), kept.stream().map(SpanData::spanId).toList());
    assertEquals(List.of(id(2), ""), kept.stream().map(SpanData::parentId).toList());
  }

  @Test
  void spansThatAreEachOthersParentsEnd() throws Exception {
    List<SpanData> kept =
        kept(
            span(1, 2, "http.route"),
            span(2, 1, "http.route"),
            span(3, 1, "gen_ai.operation.name"));

    assertEquals(List.of(id(3)), kept.stream().map(SpanData::spanId).toList());
  }

  private static List<SpanData> kept(String... spans) throws Exception {
    String request =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + String.join(",", spans) + "]}]}]}";
    List<SpanData> all = JsonReader.read(request.getBytes(StandardCharsets.UTF_8), 100).spans();
    Items<SpanData> rest = Noise.leftOutOf(itemsOf(all));
    List<SpanData> kept = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      kept.add(rest.get(i));
    }
    return kept;
  }

  private static Items<SpanData> itemsOf(List<SpanData> list) {
    return new Items<>() {
      @Override
      public int size() {
        return list.size();
      }

      @Override
      public SpanData get(int index) {
        return list.get(index);
      }
    };
  }

  private static String span(int id, int parent, String attribute) {
    return SPAN.formatted(id, parent == 0 ? "" : id(parent), attribute);
  }

  private static String id(int number) {
    return "%016x".formatted(number);
  }
}
