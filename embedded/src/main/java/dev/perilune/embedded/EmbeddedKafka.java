package dev.perilune.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker, its own controller, inside this process and reachable on 127.0.0.1 only.
 *
 * <p>Its log is kept in a folder: stopping, killing and starting again keep every acknowledged
 * record. Starting takes 2 to 4 seconds.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** Largest record batch taken unless told otherwise, in bytes. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 512 << 20;

  private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final long STOP_TIMEOUT_SECONDS = 3;

  private final KafkaRaftServer server;
  private final DirectoryLock lock;
  private final int port;

  private EmbeddedKafka(KafkaRaftServer server, DirectoryLock lock, int port) {
    this.server = server;
    this.lock = lock;
    this.port = port;
  }

  /** Starts a broker that takes batches of up to {@link #DEFAULT_MAX_MESSAGE_BYTES}. */
  public static EmbeddedKafka start(Path dir, int port) {
    return start(dir, port, DEFAULT_MAX_MESSAGE_BYTES);
  }

  /**
   * Starts a broker and returns when it takes records.
   *
   * @param dir where its log lives; made and formatted when new
   * @param port the port on 127.0.0.1, or 0 for a free one
   * @param maxMessageBytes the largest record batch, up to 512 MiB
   * @throws DirectoryInUse when a running broker has the folder
   * @throws PortInUse when something listens on the port
   */
  public static EmbeddedKafka start(Path dir, int port, int maxMessageBytes) {
    DirectoryLock lock = DirectoryLock.take(dir);
    try {
      int chosenPort = LoopbackPort.choose(port);
      Path logDir = dir.resolve("log").toAbsolutePath();
      formatWhenNew(logDir);
      KafkaRaftServer server =
          new KafkaRaftServer(
              KafkaConfig.fromProps(BrokerConfig.of(logDir, chosenPort, maxMessageBytes), false),
              Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, lock, chosenPort);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What a client connects to, {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return BrokerConfig.HOST + ":" + port;
  }

  private static void formatWhenNew(Path logDir) {
    // meta.properties is written last, so a folder without it is new or half formatted.
    if (Files.exists(logDir.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream())) {
      Files.createDirectories(logDir);
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(BrokerConfig.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(logDir.toString())
          .setMetadataLogDirectory(logDir.toString())
          .setControllerListenerName(BrokerConfig.CONTROLLER)
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .run();
    } catch (IOException e) {
      throw new EmbeddedFailure("Cannot write the Kafka folder " + logDir + ": " + e, e);
    } catch (Exception e) {
      throw new EmbeddedFailure("Kafka cannot format its folder " + logDir + ": " + e, e);
    }
  }

  /** Stops the broker; returns after 3 seconds even if it is still busy, which loses nothing. */
  @Override
  public void close() {
    Thread stopping = new Thread(this::stop, "kafka-stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(TimeUnit.SECONDS.toMillis(STOP_TIMEOUT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      log.warn("Kafka is still stopping after {} s, not waiting for it", STOP_TIMEOUT_SECONDS);
    }
    lock.close();
  }

  private void stop() {
    server.shutdown();
    server.awaitShutdown();
  }
}
