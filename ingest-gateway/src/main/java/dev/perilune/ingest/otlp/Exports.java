package dev.perilune.ingest.otlp;

import dev.perilune.ingest.intake.Origin;
import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.JsonReader;
import dev.perilune.ingest.otlp.decode.JsonReader.Content;
import dev.perilune.ingest.otlp.decode.LogData;
import dev.perilune.ingest.otlp.decode.ProtobufReader;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.map.LogTranslator;
import dev.perilune.ingest.otlp.map.Noise;
import dev.perilune.ingest.otlp.map.SpanTranslator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;

/** What is done with a decoded body, the same for HTTP and gRPC. */
final class Exports {
  private final OtlpIntake intake;
  private final SpanTranslator spans;
  private final LogTranslator logs = new LogTranslator();
  private final boolean dropsNoise;
  private final int maxItems;

  /**
   * @param maxItems spans or records of one request
   */
  Exports(OtlpIntake intake, OtlpSettings settings, int maxItems) {
    this.intake = intake;
    this.spans = new SpanTranslator(settings.maxSpanBytes());
    this.dropsNoise = settings.dropsNoise();
    this.maxItems = maxItems;
  }

  /** Takes a body; completes when the broker has what it says. */
  Future<Tally> take(Context context, Origin origin, Signal signal, Format format, byte[] body) {
    return switch (signal) {
      case TRACES ->
          intake.take(
              context, origin, signal, body.length, () -> spans(format, body), spans::translate);
      case LOGS ->
          intake.take(
              context, origin, signal, body.length, () -> logs(format, body), logs::translate);
      case METRICS ->
          intake.take(
              context,
              origin,
              signal,
              body.length,
              () -> nothing(format, body),
              (none, events) -> null);
    };
  }

  private Items<SpanData> spans(Format format, byte[] body) throws Exception {
    Items<SpanData> all =
        format == Format.PROTOBUF
            ? ProtobufReader.spans(body, maxItems)
            : listed(JsonReader.read(body, maxItems).spans());
    return dropsNoise ? Noise.leftOutOf(all) : all;
  }

  private Items<LogData> logs(Format format, byte[] body) throws Exception {
    return format == Format.PROTOBUF
        ? ProtobufReader.logs(body, maxItems)
        : listed(JsonReader.read(body, maxItems).logs());
  }

  /** Metrics are not kept, but a body that is none is still told so. */
  private Items<Void> nothing(Format format, byte[] body) throws Exception {
    if (format == Format.PROTOBUF) {
      ProtobufReader.checkMetrics(body);
    } else {
      Content unused = JsonReader.read(body, maxItems);
      unused.spans().clear();
    }
    return listed(List.of());
  }

  private static <T> Items<T> listed(List<T> list) {
    return new Items<>() {
      @Override
      public int size() {
        return list.size();
      }

      @Override
      public T get(int index) {
        return list.get(index);
      }
    };
  }
}
