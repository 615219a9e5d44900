package dev.perilune.standalone.crash;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.standalone.StandaloneMain;
import dev.perilune.testkit.PeriluneTester;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Every part of Perilune in a process of its own, on ports that outlive restarts. */
final class Cluster implements AutoCloseable {
  // below the ports that systems hand out, so that nobody takes one while its owner is down
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private final Path logs;
  private final Random ports = new Random();
  private final UUID project = UUID.randomUUID();
  private final UUID privateKey = UUID.randomUUID();
  private final Map<String, String> environment = new HashMap<>();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final List<Service> processors = new ArrayList<>();
  private final DataServer kafka;
  private final DataServer postgres;
  private final Service gateway;
  private final Service query;
  private int processorsMade;

  /** Starts everything and returns when it is ready. */
  Cluster(Path dir, Path logs) throws Exception {
    this.logs = logs;
    try {
      postgres = DataServer.postgres(dir, logs, freePort());
      closing.push(postgres::close);
      kafka = DataServer.kafka(dir, logs, freePort());
      closing.push(kafka::close);
      environment.put("DATABASE_URL", postgres.address());
      environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.address());
      environment.put("PERILUNE_HTTP_THREADS", "2");
      environment.put("PERILUNE_RATE_LIMIT", "0");
      migrate();
      gateway = service("gateway", "gateway");
      query = service("query", "query");
      addProcessor();
      awaitReady();
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private void migrate() throws Exception {
    Map<String, String> keys = new HashMap<>(environment);
    keys.put("PERILUNE_PROJECT_ID", project.toString());
    keys.put("PERILUNE_PRIVATE_KEY", privateKey.toString());
    keys.put("PERILUNE_ORG_KEY", UUID.randomUUID().toString());
    Child.start(logs.resolve("migrate.log"), keys, StandaloneMain.class, "migrate").awaitSuccess();
  }

  UUID project() {
    return project;
  }

  PeriluneTester toGateway() {
    return tester(gateway);
  }

  PeriluneTester toQuery() {
    return tester(query);
  }

  PgSettings database() {
    return PgSettings.of(postgres.address(), 1);
  }

  DataServer kafka() {
    return kafka;
  }

  DataServer postgres() {
    return postgres;
  }

  Service gateway() {
    return gateway;
  }

  Service query() {
    return query;
  }

  List<Service> processors() {
    return processors;
  }

  void addProcessor() throws IOException {
    processorsMade++;
    processors.add(service("processor", "processor-" + processorsMade));
  }

  void awaitReady() throws Exception {
    gateway.awaitReady();
    query.awaitReady();
    for (Service processor : processors) {
      processor.awaitReady();
    }
  }

  private Service service(String command, String name) throws IOException {
    Service service = Service.start(command, name, freePort(), logs, environment);
    closing.push(service::close);
    return service;
  }

  private PeriluneTester tester(Service service) {
    return new PeriluneTester(service.url(), project.toString(), privateKey.toString());
  }

  private int freePort() throws IOException {
    while (true) {
      int port = FIRST_PORT + ports.nextInt(PORTS);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (java.net.BindException taken) {
        continue;
      }
    }
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
