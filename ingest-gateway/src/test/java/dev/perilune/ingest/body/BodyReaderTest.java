package dev.perilune.ingest.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyReaderTest {

  private static final int LIMIT = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final ByteBudget budget = new ByteBudget(2L * LIMIT);
  private final BodyReader reader = new BodyReader(LIMIT, budget, Duration.ofMillis(1500));
  private HttpService http;

  @BeforeEach
  void start() throws Exception {
    http =
        HttpService.start(
                vertx,
                new HttpSettings("127.0.0.1", 0, 1),
                new Health(),
                meters,
                router -> router.post("/").handler(this::measure))
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    http.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
    meters.close();
  }

  private void measure(RoutingContext ctx) {
    reader
        .read(ctx)
        .onSuccess(body -> ctx.response().end(body.length + " of " + budget.held()))
        .onFailure(ctx::fail);
  }

  @Test
  void aSenderThatStopsIsGivenUpAndLosesItsShare() throws IOException {
    try (Socket socket = connect(500_000)) {
      socket.getOutputStream().write(new byte[100_000]);

      String answer = answer(socket);

      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertTrue(answer.endsWith("{\"message\":\"the request body did not arrive in time\"}"));
      assertEquals(0, budget.held());
    }
  }

  @Test
  void aSlowSenderThatKeepsGoingIsHeardOut() throws Exception {
    try (Socket socket = connect(200_000)) {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 20; i++) {
        out.write(new byte[10_000]);
        vertx.timer(100, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS);
      }

      String answer = answer(socket);

      assertTrue(answer.endsWith("200000 of 200000"), answer);
    }
    assertEquals(0, budget.held());
  }

  private Socket connect(int length) throws IOException {
    Socket socket = new Socket("127.0.0.1", http.port());
    socket.setSoTimeout(10_000);
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads to the end of the connection, which the server closes. */
  private static String answer(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder answer = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answer.append(answer.length() == 0 ? "" : "\n").append(line);
    }
    return answer.toString();
  }
}
