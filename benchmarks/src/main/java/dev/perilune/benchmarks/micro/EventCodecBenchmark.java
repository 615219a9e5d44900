package dev.perilune.benchmarks.micro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.perilune.model.wire.EventCodec;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.MalformedEvent;
import dev.perilune.model.wire.RefusedBody;
import java.io.IOException;
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

/** From a request's bytes to checked events, and from a record's bytes to an event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventCodecBenchmark {
  private final JsonFactory json = new JsonFactory();
  private final EventReader reader = new EventReader(1000);
  private byte[] body = {};
  private byte[] record = {};

  /** Makes one request of 100 events, and one record of it. */
  @Setup
  public void prepare() throws RefusedBody {
    body = SampleEvents.body(100);
    record = SampleEvents.records(reader).get(0);
  }

  /** Looks at every token of 100 events and does nothing with them. */
  @Benchmark
  public int baselineTokensOf100Events() throws IOException {
    int tokens = 0;
    try (JsonParser parser = json.createParser(body)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  /** Checks and normalises 100 events. */
  @Benchmark
  public List<IncomingEvent> read100Events() throws RefusedBody {
    return reader.read(body);
  }

  /** Looks at every token of one record. */
  @Benchmark
  public int baselineTokensOfOneRecord() throws IOException {
    int tokens = 0;
    try (JsonParser parser = json.createParser(record)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  /** Makes an event of one record. */
  @Benchmark
  public EventEnvelope decodeOneRecord() throws MalformedEvent {
    return EventCodec.decode(record);
  }
}
