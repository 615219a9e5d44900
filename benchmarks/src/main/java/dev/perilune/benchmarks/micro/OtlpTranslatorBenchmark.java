package dev.perilune.benchmarks.micro;

import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.ProtobufReader;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.decode.Undecodable;
import dev.perilune.ingest.otlp.map.SpanTranslator;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.standalone.load.OtlpBodies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the bytes of a trace request to the events of its runs, without HTTP and Kafka. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OtlpTranslatorBenchmark {
  private static final int SPANS = 100;
  private static final int MAX_SPAN_BYTES = 5 << 20;
  private static final long MADE_AT_MILLIS = 1_790_000_000_000L;

  private final SpanTranslator translator = new SpanTranslator(MAX_SPAN_BYTES);
  private byte[] request = {};

  /** Makes one request of 100 calls with 1 KB of input and 0.5 KB of output each. */
  @Setup
  public void prepare() {
    request = new OtlpBodies(1, 1024, 512).request(SPANS, MADE_AT_MILLIS).body();
  }

  /** Decodes 100 spans and drops them. */
  @Benchmark
  public int baselineDecode100Spans() throws Undecodable {
    Items<SpanData> spans = ProtobufReader.spans(request, SPANS);
    int attributes = 0;
    for (int i = 0; i < spans.size(); i++) {
      attributes += spans.get(i).attributes().size();
    }
    return attributes;
  }

  /** Decodes 100 spans and makes the 200 events of their runs. */
  @Benchmark
  public List<IncomingEvent> translate100Spans() throws Undecodable {
    Items<SpanData> spans = ProtobufReader.spans(request, SPANS);
    List<IncomingEvent> events = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      translator.translate(spans.get(i), events);
    }
    return events;
  }
}
