package dev.perilune.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The producer that docs/kafka.md shows; a test holds the two together. */
final class ExampleProducer {

  private ExampleProducer() {}

  static void send(String bootstrapServers, String key) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "linger.ms",
            5,
            "compression.type",
            "lz4",
            "key.serializer",
            StringSerializer.class,
            "value.serializer",
            StringSerializer.class);
    try (Producer<String, String> producer = new KafkaProducer<>(settings)) {
      String event =
          """
          {"type":"llm","event":"start","runId":"java-1","name":"gpt-4o",
           "timestamp":"2026-03-02T10:00:00Z","input":[{"role":"user","content":"Hello?"}]}""";
      ProducerRecord<String, String> record = new ProducerRecord<>("perilune.ingest", event);
      record.headers().add("authorization", ("Bearer " + key).getBytes(StandardCharsets.UTF_8));
      producer.send(
          record,
          (where, failure) -> {
            if (failure != null) {
              failure.printStackTrace(); // not written: send it again
            }
          });
    }
  }
}
