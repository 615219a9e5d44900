package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.bench.Lab.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/** How quickly the calls of one model come as lines of JSON. */
final class ExportedRuns {
  /** An export that takes longer is left. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String PATH = "/v1/runs/export?type=llm&exportFormat=jsonl&models=gpt-4o";

  private ExportedRuns() {}

  static void measure(Bench bench, Service service, String scenario)
      throws IOException, InterruptedException {
    bench.tell(scenario + ": export");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.url() + PATH))
            .header("Authorization", "Bearer " + Lab.PRIVATE_KEY)
            .build();
    long begun = System.nanoTime();
    HttpResponse<Stream<String>> answer =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("The export was answered " + answer.statusCode());
    }
    long runs = 0;
    try (Stream<String> lines = answer.body()) {
      Iterator<String> left = lines.iterator();
      while (System.nanoTime() - begun < LIMIT.toNanos() && left.hasNext()) {
        left.next();
        runs++;
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    bench.add(Figure.of(scenario, "export as jsonl", runs / seconds, "runs/s"));
  }
}
