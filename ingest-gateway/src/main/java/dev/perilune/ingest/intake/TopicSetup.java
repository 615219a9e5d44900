package dev.perilune.ingest.intake;

import dev.perilune.runtime.config.KafkaSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a topic exists and takes records as large as the gateway may send. A topic that
 * exists keeps its partitions and its copies; its record limit is raised when it is too low.
 */
public final class TopicSetup {

  private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);

  private static final String MAX_MESSAGE_BYTES = "max.message.bytes";
  private static final int WAIT_SECONDS = 5;

  private final Admin admin;
  private final KafkaSettings kafka;
  private final int maxRecordBytes;

  public TopicSetup(Admin admin, KafkaSettings kafka, int maxRecordBytes) {
    this.admin = admin;
    this.kafka = kafka;
    this.maxRecordBytes = maxRecordBytes;
  }

  /**
   * Blocks, some seconds at most for each step.
   *
   * @throws KafkaException when the broker is away or refuses; calling again is safe
   */
  public void ensure(String topic) {
    ensure(topic, Map.of());
  }

  /** As above; {@code more} settings are given to a topic that is created. */
  public void ensure(String topic, Map<String, String> more) {
    if (!create(topic, more)) {
      raiseLimit(topic);
    }
  }

  /** Returns false when the topic exists already. */
  private boolean create(String topic, Map<String, String> more) {
    Map<String, String> configs = new HashMap<>(more);
    configs.put(MAX_MESSAGE_BYTES, Integer.toString(maxRecordBytes));
    // with three copies, one may be away and nothing acknowledged can be lost
    configs.put("min.insync.replicas", kafka.replication() >= 3 ? "2" : "1");
    NewTopic wanted =
        new NewTopic(topic, kafka.partitions(), (short) kafka.replication()).configs(configs);
    try {
      await(admin.createTopics(List.of(wanted)).all());
      log.info("Created topic {} with {} partitions", topic, kafka.partitions());
      return true;
    } catch (TopicExistsException exists) {
      return false;
    }
  }

  private void raiseLimit(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    ConfigEntry limit =
        await(admin.describeConfigs(Set.of(resource)).all()).get(resource).get(MAX_MESSAGE_BYTES);
    if (limit != null && Integer.parseInt(limit.value()) < maxRecordBytes) {
      AlterConfigOp raise =
          new AlterConfigOp(
              new ConfigEntry(MAX_MESSAGE_BYTES, Integer.toString(maxRecordBytes)),
              AlterConfigOp.OpType.SET);
      await(admin.incrementalAlterConfigs(Map.of(resource, List.of(raise))).all());
      log.info("Raised {} of topic {} to {}", MAX_MESSAGE_BYTES, topic, maxRecordBytes);
    }
  }

  private static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException refused
          ? refused
          : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("The broker does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }
}
