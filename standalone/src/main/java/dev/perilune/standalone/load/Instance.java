package dev.perilune.standalone.load;

import dev.perilune.standalone.remote.RemoteFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/** The instance under load, over HTTP/1.1; reads have connections of their own. */
final class Instance {
  private static final int READ_CONNECTIONS = 64;
  private static final long REQUEST_LIMIT_MILLIS = 60_000;
  private static final int OK = 200;

  private final HttpClient writes;
  private final HttpClient reads;
  private final String url;
  private final String key;

  Instance(Vertx vertx, String url, String key, int connections) {
    this.writes = client(vertx, connections);
    this.reads = client(vertx, READ_CONNECTIONS);
    this.url = url;
    this.key = key;
  }

  private static HttpClient client(Vertx vertx, int connections) {
    return vertx.createHttpClient(
        new HttpClientOptions().setTcpNoDelay(true),
        new PoolOptions().setHttp1MaxSize(connections));
  }

  /**
   * What came back.
   *
   * @param receipt of the events that were taken, where a header tells it
   */
  record Answer(int status, Buffer body, @Nullable String receipt) {
    boolean isOk() {
      return status == OK;
    }
  }

  /** Fails only when the instance cannot be reached or breaks off; any status is an answer. */
  Future<Answer> ingest(Door door, byte[] body) {
    return writes
        .request(
            options(HttpMethod.POST, door.path()).putHeader("Content-Type", door.contentType()))
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(Instance::whole);
  }

  /** Fails only when the instance cannot be reached or breaks off; any status is an answer. */
  Future<Answer> get(String path) {
    return reads
        .request(options(HttpMethod.GET, path))
        .compose(request -> request.send())
        .compose(Instance::whole);
  }

  /** Where a receipt is asked for; the answer comes when its events are visible, or after 5 s. */
  static String receiptPath(String receipt) {
    return "/v1/ingest/receipts/" + receipt + "?wait=5s";
  }

  /** How many runs of the kind that we send can be read. */
  Future<Long> countRuns() {
    return get("/v1/runs/count?type=llm")
        .map(
            answer -> {
              if (!answer.isOk()) {
                throw new RemoteFailure(
                    "%s answered %d to the count of runs: %s"
                        .formatted(url, answer.status(), answer.body()));
              }
              return Long.parseLong(answer.body().toString().trim());
            });
  }

  private RequestOptions options(HttpMethod method, String path) {
    return new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(url + path)
        .setTimeout(REQUEST_LIMIT_MILLIS)
        .putHeader("Authorization", "Bearer " + key);
  }

  private static Future<Answer> whole(HttpClientResponse response) {
    String receipt = response.getHeader("X-Perilune-Receipt");
    return response.body().map(body -> new Answer(response.statusCode(), body, receipt));
  }
}
