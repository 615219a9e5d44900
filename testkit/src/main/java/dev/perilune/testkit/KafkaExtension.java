package dev.perilune.testkit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A real broker for a test class: {@code @RegisterExtension static final KafkaExtension KAFKA = new
 * KafkaExtension();}.
 *
 * <p>The first class that asks starts it, every later class of the same JVM uses the same one, and
 * it stops with the last test. Each class begins without topics.
 */
public final class KafkaExtension implements BeforeAllCallback {
  private static final long DELETE_LIMIT_SECONDS = 20;

  private @Nullable TestBroker broker;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (broker != null) {
      return;
    }
    TestBroker started =
        context
            .getRoot()
            .getStore(Namespace.create(KafkaExtension.class))
            .getOrComputeIfAbsent(TestBroker.class, key -> TestBroker.start(), TestBroker.class);
    deleteTopics(started.kafka().bootstrapServers());
    broker = started;
  }

  /** What a client connects to, {@code host:port}. */
  public String bootstrapServers() {
    if (broker == null) {
      throw new IllegalStateException("Register this extension in a static field");
    }
    return broker.kafka().bootstrapServers();
  }

  private static void deleteTopics(String bootstrapServers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Set<String> names = admin.listTopics().names().get(DELETE_LIMIT_SECONDS, TimeUnit.SECONDS);
      admin.deleteTopics(names).all().get(DELETE_LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }
}
