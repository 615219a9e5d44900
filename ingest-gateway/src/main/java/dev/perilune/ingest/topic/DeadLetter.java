package dev.perilune.ingest.topic;

import dev.perilune.model.ProjectId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record, or one event of it, that cannot be taken.
 *
 * @param kind for meters
 * @param reason what would be right, for people
 * @param position of the event in its record; 0 for a whole record
 * @param project null while nobody knows it
 * @param bytes of the event or the record; null where they must not be kept
 */
record DeadLetter(
    Kind kind,
    String reason,
    ConsumerRecord<byte[], byte[]> source,
    int position,
    @Nullable ProjectId project,
    byte @Nullable [] bytes) {

  /** Which rule refused it. */
  enum Kind {
    CREDENTIAL,
    RECORD,
    EVENT,
    FAULT;

    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
