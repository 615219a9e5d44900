package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.model.wire.EventEnvelope;
import java.util.List;

/** Lets a benchmark reach the fold, which is nobody else's business. */
public final class FoldProbe {

  private FoldProbe() {}

  /** Folds the events of one run into the change that would be written. */
  public static Object fold(List<EventEnvelope> events) {
    RunState run = null;
    for (EventEnvelope envelope : events) {
      if (envelope.event() instanceof RunEvent.OfRun event) {
        if (run == null) {
          run = new RunState(new RunKey(envelope.project(), event.runId()), new RunFold(), null);
        }
        RunEvents.apply(run, event, null);
      }
    }
    if (run == null) {
      throw new IllegalArgumentException("None of these events is of a run");
    }
    return RunRows.change(run);
  }
}
