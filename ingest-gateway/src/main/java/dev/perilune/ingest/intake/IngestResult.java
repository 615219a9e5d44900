package dev.perilune.ingest.intake;

import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each event of a request, in the order of processing. Holds none of their bytes.
 *
 * @param places each event's place in its request as sent, from 0
 * @param ids each event's id as sent, as JSON; null where there is none
 * @param refusals what would be right, for each event that was refused; null where it was taken
 * @param receipt where the taken events are; null when none was taken
 */
public record IngestResult(
    int[] places, @Nullable String[] ids, @Nullable String[] refusals, @Nullable Receipt receipt) {

  /** Before anybody knows what becomes of the events. */
  static IngestResult of(List<IncomingEvent> events) {
    int[] places = new int[events.size()];
    @Nullable String[] ids = new String[events.size()];
    for (int i = 0; i < ids.length; i++) {
      places[i] = events.get(i).place();
      ids[i] = events.get(i).idJson();
    }
    return new IngestResult(places, ids, new String[events.size()], null);
  }

  IngestResult with(@Nullable Receipt where) {
    return new IngestResult(places, ids, refusals, where);
  }

  public int size() {
    return ids.length;
  }
}
