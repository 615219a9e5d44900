package dev.perilune.ingest.intake;

import dev.perilune.runtime.config.KafkaSettings;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The producer's and the topic's settings that must agree with each other. */
public final class ProducerOptions {

  private static final int MEGABYTE = 1 << 20;
  private static final int LARGEST_RECORD_BYTES = 512 * MEGABYTE;
  private static final long YEAR_MILLIS = 365L * 24 * 60 * 60 * 1000;

  private ProducerOptions() {}

  /**
   * What one record may take so that an event as large as the body limit travels whole: texts can
   * grow while they are normalised, and the record has a frame. At most 512 MiB, which is what the
   * embedded broker takes.
   */
  public static int maxRecordBytes(int maxBodyBytes) {
    return (int) Math.min(2L * maxBodyBytes + MEGABYTE, LARGEST_RECORD_BYTES);
  }

  static Map<String, Object> of(KafkaSettings kafka, int maxBodyBytes) {
    int maxRecordBytes = maxRecordBytes(maxBodyBytes);
    return Map.ofEntries(
        Map.entry("bootstrap.servers", kafka.bootstrapServers()),
        Map.entry("client.id", "perilune-ingest"),
        Map.entry("key.serializer", ByteArraySerializer.class),
        Map.entry("value.serializer", ByteArraySerializer.class),
        Map.entry("acks", "all"),
        Map.entry("enable.idempotence", true),
        Map.entry("compression.type", "lz4"),
        Map.entry("linger.ms", 2),
        Map.entry("batch.size", 128 * 1024),
        Map.entry("max.request.size", maxRecordBytes),
        Map.entry("buffer.memory", Math.max(64L * MEGABYTE, 2L * maxRecordBytes)),
        // send() is called on event loops and must never wait; the topic's metadata is fetched
        // beforehand by someone else, and never forgotten however long nobody sends
        Map.entry("max.block.ms", 0),
        Map.entry("metadata.max.idle.ms", YEAR_MILLIS),
        // whoever waits is told within a second; the producer itself tries a little longer
        Map.entry("request.timeout.ms", 8_000),
        Map.entry("delivery.timeout.ms", 20_000),
        Map.entry("reconnect.backoff.ms", 50),
        Map.entry("reconnect.backoff.max.ms", 500),
        Map.entry("retry.backoff.ms", 50),
        Map.entry("retry.backoff.max.ms", 500));
  }
}
