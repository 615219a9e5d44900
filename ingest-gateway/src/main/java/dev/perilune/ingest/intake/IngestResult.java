package dev.perilune.ingest.intake;

import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each event of a request, in the order of processing.
 *
 * @param events as they were taken or would have been
 * @param ids each event's id as sent, as JSON; null where there is none
 * @param refusals what would be right, for each event that was refused; null where it was taken
 * @param receipt where the taken events are; null when none was taken
 */
public record IngestResult(
    List<IncomingEvent> events,
    @Nullable String[] ids,
    @Nullable String[] refusals,
    @Nullable Receipt receipt) {

  static IngestResult of(
      List<IncomingEvent> events, @Nullable String[] refusals, @Nullable Receipt receipt) {
    @Nullable String[] ids = new String[events.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = events.get(i).idJson();
    }
    return new IngestResult(events, ids, refusals, receipt);
  }

  public int size() {
    return ids.length;
  }
}
