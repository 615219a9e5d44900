package dev.perilune.processor;

import dev.perilune.processor.consume.BatchStep;
import dev.perilune.processor.consume.RunsTopic;
import dev.perilune.processor.pipeline.Rejected;
import dev.perilune.processor.pipeline.RunPipeline;
import dev.perilune.processor.pipeline.SourceRecord;
import dev.perilune.processor.pipeline.Written;
import dev.perilune.processor.store.RunRow;
import dev.perilune.processor.store.Tx;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** Writes batches with the pipeline, and tells the runs that changed once they are committed. */
final class PipelineStep implements BatchStep {
  private final RunPipeline pipeline;
  private final RunsTopic topic;
  private final Timer figures;
  private List<RunRow> changed = List.of();

  PipelineStep(RunPipeline pipeline, RunsTopic topic, Meters meters) {
    this.pipeline = pipeline;
    this.topic = topic;
    this.figures = meters.timer(Meter.PROCESSOR_FIGURES);
  }

  @Override
  public List<Rejected> write(Tx tx, List<SourceRecord> records) {
    Written written = pipeline.write(tx, records);
    changed = written.changed();
    figures.record(Duration.ofNanos(written.figuresNanos()));
    return written.rejected();
  }

  @Override
  public void committed() {
    topic.offer(changed);
    changed = List.of();
  }

  @Override
  public boolean settle(Tx tx) {
    return pipeline.settle(tx);
  }
}
