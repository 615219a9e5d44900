package dev.perilune.runtime.http;

import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A running service on a free port, and a client for it. */
public final class HttpTester implements AutoCloseable {

  public final Vertx vertx = Vertx.vertx();
  public final Health health = new Health();
  private final Meters meters = new Meters();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpService service;

  public HttpTester(Consumer<Router> routes) {
    this.service =
        await(
            HttpService.start(vertx, new HttpSettings("127.0.0.1", 0, 2), health, meters, routes));
  }

  public int port() {
    return service.port();
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    await(service.close());
    await(vertx.close());
    meters.close();
  }
}
