package dev.perilune.benchmarks.bench;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker and a database in a process of their own, with the settings that keep people's data. */
final class ServersMain {

  private ServersMain() {}

  /** Tells both addresses, then waits to be stopped. */
  public static void main(String[] arguments) throws InterruptedException {
    Path dir = Path.of(arguments[0]);
    EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(dir.resolve("postgres"), 0, true);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  kafka.close();
                  postgres.close();
                }));
    System.out.println(Child.READY + kafka.bootstrapServers() + " " + postgres.databaseUrl());
    new CountDownLatch(1).await();
  }
}
