package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.bench.Lab.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** From the start of a standalone on an empty folder to the first event that it took. */
final class StartScenario implements Scenario {

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try (Lab lab = Lab.empty(bench.lab(12))) {
      long begun = System.nanoTime();
      Service standalone = lab.start("standalone");
      HttpRequest first =
          HttpRequest.newBuilder(URI.create(standalone.url() + "/v1/runs/ingest"))
              .header("Authorization", "Bearer " + Lab.PRIVATE_KEY)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(new EventBodies(1, 1).next().getBytes()))
              .build();
      int status = client.send(first, BodyHandlers.discarding()).statusCode();
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (status != 200) {
        throw new IllegalStateException("The first event was answered " + status);
      }
      bench.add(Figure.of("standalone", "start to first event", seconds, "s").target("< 10 s"));
      bench.add(
          Figure.of(
              "standalone", "memory when idle", standalone.process().residentBytes() / 1e6, "MB"));
    }
  }
}
