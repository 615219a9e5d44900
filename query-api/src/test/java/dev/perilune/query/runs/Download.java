package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A file as it came, with what came after it. */
record Download(int status, MultiMap headers, Buffer body, MultiMap trailers) {

  static Download of(int port, String path, String key) {
    Vertx vertx = Vertx.vertx();
    HttpClient client = vertx.createHttpClient();
    Promise<Download> download = Promise.promise();
    vertx.runOnContext(go -> get(client, port, path, key).onComplete(download));
    try {
      return download.future().timeout(30, TimeUnit.SECONDS).await();
    } finally {
      vertx.close().await();
    }
  }

  private static Future<Download> get(HttpClient client, int port, String path, String key) {
    return client
        .request(HttpMethod.GET, port, "127.0.0.1", path)
        .compose(request -> request.putHeader("Authorization", "Bearer " + key).send())
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body ->
                            new Download(
                                response.statusCode(),
                                response.headers(),
                                body,
                                response.trailers())));
  }

  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  long rows() {
    return Long.parseLong(trailers.get("X-Perilune-Row-Count"));
  }
}
