package dev.perilune.standalone.crash;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A broker or a database in a process of its own; stops in order when its input ends. */
public final class ServerMain {
  private ServerMain() {}

  /** Arguments: kafka or postgres, folder, port. */
  public static void main(String[] arguments) throws IOException {
    Path dir = Path.of(arguments[1]);
    int port = Integer.parseInt(arguments[2]);
    if (arguments[0].equals("kafka")) {
      try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, port)) {
        awaitEnd(kafka.bootstrapServers());
      }
    } else {
      // a commit must outlive the server, which is killed too
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dir, port, true)) {
        awaitEnd(postgres.databaseUrl());
      }
    }
    System.exit(0);
  }

  private static void awaitEnd(String address) throws IOException {
    System.out.println(Child.READY + address);
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
