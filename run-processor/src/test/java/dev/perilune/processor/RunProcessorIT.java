package dev.perilune.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunProcessorIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private final Vertx vertx = Vertx.vertx();
  private final Health health = new Health();
  private final Meters meters = new Meters();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void healthAndMetersTellThatItWorksAndClosingIsQuick() throws Exception {
    RunProcessor processor = await(RunProcessor.start(vertx, settings(), health, meters));
    HttpService http =
        await(
            HttpService.start(
                vertx, new HttpSettings("127.0.0.1", 0, 1), health, meters, routes -> {}));

    Eventually.holds("ready", () -> get(http, "/v1/ready").statusCode() == 200);

    String scraped = get(http, "/metrics").body();
    for (String name :
        new String[] {
          "perilune_processor_records_total",
          "perilune_processor_batches_seconds_count",
          "perilune_processor_batch_size_records_count",
          "perilune_processor_lag_records",
          "perilune_processor_partitions ",
          "perilune_processor_running "
        }) {
      assertTrue(scraped.contains("\n" + name), name);
    }
    long startedNanos = System.nanoTime();
    await(processor.close());
    assertTrue(System.nanoTime() - startedNanos < Duration.ofSeconds(5).toNanos());
    assertEquals(503, get(http, "/v1/ready").statusCode());
  }

  private static ProcessorSettings settings() {
    return ProcessorSettings.from(
        new Env(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", KAFKA.bootstrapServers(),
                "DATABASE_URL", POSTGRES.databaseUrl())));
  }

  private static HttpResponse<String> get(HttpService http, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + http.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }
}
