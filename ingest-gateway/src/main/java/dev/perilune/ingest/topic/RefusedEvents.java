package dev.perilune.ingest.topic;

import dev.perilune.ingest.intake.IngestResult;
import dev.perilune.ingest.intake.Origins;
import dev.perilune.ingest.topic.DeadLetter.Kind;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Says which events of a record were refused, and where in the record they are.
 *
 * @param prepared the record's events as they were to be taken
 */
record RefusedEvents(
    ConsumerRecord<byte[], byte[]> source, List<IncomingEvent> prepared, Origins origins) {

  List<DeadLetter> of(IngestResult result) {
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      String reason = result.refusals()[i];
      if (reason != null) {
        letters.add(letter(prepared.get(i), reason));
      }
    }
    return letters;
  }

  private DeadLetter letter(IncomingEvent event, String reason) {
    return new DeadLetter(
        Kind.EVENT,
        reason,
        source,
        event.place(),
        origins.projectOf(event),
        Arrays.copyOfRange(event.json(), event.from(), event.from() + event.length()));
  }
}
