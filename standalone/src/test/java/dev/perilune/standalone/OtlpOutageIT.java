package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.embedded.EmbeddedKafka;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PeriluneTester;
import dev.perilune.testkit.PostgresExtension;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real exporters while the broker is away, and after it. */
class OtlpOutageIT {
  private static final int CALLS = 20;
  private static final int ATTEMPT_SECONDS = 30;

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir private Path dir;

  private final int brokerPort = freePort();
  private final int grpcPort = freePort();

  @Test
  void whatExportersSendAgainAfterAnOutageIsStoredOnce() throws Exception {
    EmbeddedKafka broker = startBroker();
    try (ShutdownSteps steps = new ShutdownSteps();
        SdkTracerProvider spans = SdkTracerProvider.builder().build()) {
      String url = "http://127.0.0.1:" + Standalone.start(variables(), steps).port();
      TestProject project = TestProject.create(POSTGRES.settings());
      PeriluneTester tester =
          new PeriluneTester(url, project.id().toString(), project.privateKey().toString());
      List<SpanExporter> exporters = exporters(tester);
      List<List<SpanData>> batches = List.of(calls(spans), calls(spans));
      broker.close();

      List<CompletableResultCode> attempts = new ArrayList<>();
      for (int i = 0; i < exporters.size(); i++) {
        attempts.add(exporters.get(i).export(batches.get(i)));
      }
      // counted only where a request was told to come back
      Eventually.holds("both are refused", () -> refusals(tester) >= exporters.size());
      broker = startBroker();

      for (int i = 0; i < exporters.size(); i++) {
        awaitTaken(exporters.get(i), batches.get(i), attempts.get(i));
        // an exporter whose answer was lost sends all of it once more
        awaitTaken(exporters.get(i), batches.get(i), exporters.get(i).export(batches.get(i)));
        exporters.get(i).close();
      }
      new Backlog(POSTGRES.settings(), broker.bootstrapServers()).awaitNone();
      assertEquals(2 * CALLS, tester.json("/v1/runs/count?type=llm").asInt());
      assertEquals(List.of(), figuresThatAreOff(project));
    } finally {
      broker.close();
    }
  }

  private Map<String, String> variables() {
    return Map.of(
        "PERILUNE_HOST",
        "127.0.0.1",
        "PERILUNE_PORT",
        "0",
        "PERILUNE_RATE_LIMIT",
        "0",
        "PERILUNE_OTLP_GRPC_PORT",
        Integer.toString(grpcPort),
        "PERILUNE_DATA_DIR",
        dir.resolve("data").toString(),
        "DATABASE_URL",
        POSTGRES.databaseUrl(),
        "KAFKA_BOOTSTRAP_SERVERS",
        "127.0.0.1:" + brokerPort);
  }

  private EmbeddedKafka startBroker() {
    return EmbeddedKafka.start(dir.resolve("kafka"), brokerPort);
  }

  private List<SpanExporter> exporters(PeriluneTester tester) {
    String key = "Bearer " + tester.publicKey();
    return List.of(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(tester.url() + "/v1/traces")
            .addHeader("Authorization", key)
            .build(),
        OtlpGrpcSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + grpcPort)
            .addHeader("Authorization", key)
            .build());
  }

  private static List<SpanData> calls(SdkTracerProvider spans) {
    List<SpanData> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Span call =
          spans
              .get("shop")
              .spanBuilder("chat gpt-4o")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.request.model", "gpt-4o")
              .setAttribute("gen_ai.usage.input_tokens", 100 + i)
              .setAttribute("gen_ai.usage.output_tokens", 10)
              .startSpan();
      call.end();
      calls.add(((ReadableSpan) call).toSpanData());
    }
    return calls;
  }

  private static long refusals(PeriluneTester tester) throws Exception {
    return (long)
        tester
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("perilune_ingest_unavailable_"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  /** An exporter gives up after five attempts; whoever feeds it then hands it the same again. */
  private static void awaitTaken(
      SpanExporter exporter, List<SpanData> batch, CompletableResultCode first) throws Exception {
    AtomicReference<CompletableResultCode> last = new AtomicReference<>(first);
    Eventually.holds(
        "the export is taken",
        () -> {
          boolean taken = last.get().join(ATTEMPT_SECONDS, TimeUnit.SECONDS).isSuccess();
          if (!taken) {
            last.set(exporter.export(batch));
          }
          return taken;
        });
  }

  private static List<String> figuresThatAreOff(TestProject project) throws SQLException {
    List<String> off = new ArrayList<>();
    PgSettings pg = POSTGRES.settings();
    try (Connection connection =
            DriverManager.getConnection(pg.jdbcUrl(), pg.user(), pg.password());
        PreparedStatement differences =
            connection.prepareStatement(
                "SELECT d::text FROM rollup_differences(?, '-infinity', 'infinity', 5) d")) {
      differences.setObject(1, project.id());
      try (ResultSet rows = differences.executeQuery()) {
        while (rows.next()) {
          off.add(rows.getString(1));
        }
      }
    }
    return off;
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
