package dev.perilune.testkit;

import dev.perilune.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The one broker of a test JVM, on a folder of its own that goes with it. */
record TestBroker(EmbeddedKafka kafka, Path dir) implements AutoCloseable {

  static TestBroker start() {
    Path dir = TestFolder.named("kafka-" + ProcessHandle.current().pid());
    return new TestBroker(EmbeddedKafka.start(dir, 0), dir);
  }

  @Override
  public void close() {
    kafka.close();
    for (Path file : filesDeepestFirst()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private List<Path> filesDeepestFirst() {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
