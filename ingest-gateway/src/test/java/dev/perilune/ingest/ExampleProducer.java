package dev.perilune.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The producer that docs/kafka.md shows; a test holds the two together. */
final class ExampleProducer {

  private ExampleProducer() {}

  static void send(String bootstrapServers, String key) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("acks", "all");
    settings.put("linger.ms", "5");
    settings.put("compression.type", "lz4");
    settings.put("key.serializer", StringSerializer.class);
    settings.put("value.serializer", StringSerializer.class);
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
