package dev.perilune.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The broker's settings: one node that is broker and controller, sized for a laptop. */
final class BrokerConfig {
  static final String HOST = "127.0.0.1";
  static final String CONTROLLER = "CONTROLLER";
  static final int NODE_ID = 1;

  private static final int REQUEST_OVERHEAD_BYTES = 1 << 20;

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", Integer.toString(NODE_ID)),
          Map.entry("controller.listener.names", CONTROLLER),
          Map.entry("inter.broker.listener.name", "PLAINTEXT"),
          Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          Map.entry("num.partitions", "12"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "4"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20)),
          // A killed process loses nothing; these two bound what a power cut can take to a second,
          // and what the next start has to read again to ten.
          Map.entry("log.flush.interval.ms", "1000"),
          Map.entry("log.flush.scheduler.interval.ms", "1000"),
          Map.entry("log.flush.offset.checkpoint.interval.ms", "10000"),
          // After a kill the controller waits this long before it lets the same broker in again.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"));

  private BrokerConfig() {}

  static Properties of(Path logDir, int port, int maxMessageBytes) {
    int controllerPort = LoopbackPort.chooseOtherThan(port);
    String maxMessage = Integer.toString(maxMessageBytes);
    Properties properties = new Properties();
    properties.putAll(FIXED);
    properties.put("log.dirs", logDir.toString());
    properties.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
    properties.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d".formatted(HOST, port, CONTROLLER, HOST, controllerPort));
    properties.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    properties.put("message.max.bytes", maxMessage);
    properties.put("replica.fetch.max.bytes", maxMessage);
    properties.put("fetch.max.bytes", Integer.toString(Math.max(55 << 20, maxMessageBytes)));
    properties.put(
        "socket.request.max.bytes",
        Integer.toString(Math.max(100 << 20, maxMessageBytes + REQUEST_OVERHEAD_BYTES)));
    return properties;
  }
}
