package dev.perilune.processor.pipeline;

/**
 * One record of the events topic and where it stands.
 *
 * @param leaderEpoch the broker's count of leaders when the record was written; {@link #NO_EPOCH}
 *     when unknown
 */
public record SourceRecord(
    String topic, int partition, long offset, int leaderEpoch, byte[] value) {

  public static final int NO_EPOCH = -1;

  /** A record that was not read from its partition just now. */
  public SourceRecord(String topic, int partition, long offset, byte[] value) {
    this(topic, partition, offset, NO_EPOCH, value);
  }
}
