package dev.perilune.benchmarks.micro;

import dev.perilune.model.wire.EventCodec;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.MalformedEvent;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.processor.pipeline.FoldProbe;
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

/** Merging the two events of a run into the row that is stored. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RunFoldBenchmark {
  private final List<byte[]> records = new ArrayList<>();

  /** Takes the start and the end of one run. */
  @Setup
  public void prepare() throws RefusedBody {
    records.addAll(SampleEvents.records(new EventReader(1000)));
  }

  /** Decodes both events and drops them. */
  @Benchmark
  public int baselineDecode() throws MalformedEvent {
    int hash = 0;
    for (byte[] record : records) {
      hash += EventCodec.decode(record).event().hashCode();
    }
    return hash;
  }

  /** Decodes both events and folds them into a row. */
  @Benchmark
  public Object decodeAndFold() throws MalformedEvent {
    List<EventEnvelope> events = new ArrayList<>();
    for (byte[] record : records) {
      events.add(EventCodec.decode(record));
    }
    return FoldProbe.fold(events);
  }
}
