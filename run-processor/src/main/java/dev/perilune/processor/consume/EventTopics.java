package dev.perilune.processor.consume;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the topics of the processor exist, whichever service is started first. */
final class EventTopics {
  /** Above twice the gateway's body limit, which is what one event can grow to. */
  static final int MAX_RECORD_BYTES = 64 << 20;

  private static final Logger log = LoggerFactory.getLogger(EventTopics.class);
  private static final long LIMIT_SECONDS = 10;
  private static final Duration RUNS_RETENTION = Duration.ofDays(1);

  private EventTopics() {}

  /**
   * Creates what is missing.
   *
   * @throws TimeoutException if the brokers do not answer within ten seconds
   */
  static void ensure(Admin admin, KafkaSettings settings)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> names = admin.listTopics().names().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    List<NewTopic> missing =
        Stream.of(Topics.EVENTS, Topics.DEAD_LETTERS, Topics.RUNS)
            .filter(name -> !names.contains(name))
            .map(name -> topic(name, settings))
            .toList();
    for (NewTopic topic : missing) {
      create(admin, topic);
    }
  }

  private static void create(Admin admin, NewTopic topic)
      throws InterruptedException, TimeoutException {
    try {
      admin.createTopics(List.of(topic)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      log.info("Created topic {}", topic.name());
    } catch (ExecutionException e) {
      // it may have been made meanwhile, or this user may not make it: reading will tell
      if (!(e.getCause() instanceof TopicExistsException)) {
        log.warn("Cannot create topic {}: {}", topic.name(), e.getCause().getMessage());
      }
    }
  }

  private static NewTopic topic(String name, KafkaSettings settings) {
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES));
    // as the gateway makes it: with three copies, one may be away and nothing is lost
    config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, settings.replication() >= 3 ? "2" : "1");
    if (name.equals(Topics.RUNS)) {
      // for those who listen now; what was is in the database
      config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RUNS_RETENTION.toMillis()));
    }
    return new NewTopic(
            name, Optional.of(settings.partitions()), Optional.of((short) settings.replication()))
        .configs(config);
  }
}
