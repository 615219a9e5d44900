package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.perilune.standalone.remote.RemoteFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Sends events as an SDK does, one request at a time, and waits when it is told to. */
final class Upload {
  private static final Set<Integer> TRY_AGAIN = Set.of(429, 503);
  private static final int ATTEMPTS = 20;
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final JsonMapper json = new JsonMapper();
  private final URI target;
  private final String key;

  Upload(String url, String key) {
    this.target = URI.create(url + "/v1/runs/ingest");
    this.key = key;
  }

  /**
   * Sends a batch.
   *
   * @return how many of its events were refused
   * @throws RemoteFailure when the instance cannot be reached or does not take the request
   */
  int send(List<ObjectNode> events) {
    ObjectNode body = json.createObjectNode();
    body.set("events", json.createArrayNode().addAll(events));
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      HttpResponse<String> answer = post(body.toString());
      if (answer.statusCode() == 200) {
        return refused(answer.body());
      }
      if (!TRY_AGAIN.contains(answer.statusCode())) {
        throw new RemoteFailure(
            "%s answered %d: %s".formatted(target, answer.statusCode(), answer.body()));
      }
      pause(answer.headers().firstValueAsLong("Retry-After").orElse(1));
    }
    throw new RemoteFailure(target + " is too busy, gave up after " + ATTEMPTS + " attempts");
  }

  private HttpResponse<String> post(String body) {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(REQUEST_LIMIT)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RemoteFailure(
          "Cannot reach " + target + " (" + e + "). Is Perilune running there?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteFailure("Interrupted");
    }
  }

  private int refused(String answer) {
    try {
      int refused = 0;
      for (JsonNode result : json.readTree(answer).path("results")) {
        refused += result.path("success").asBoolean() ? 0 : 1;
      }
      return refused;
    } catch (IOException e) {
      throw new RemoteFailure(target + " did not answer JSON: " + e.getMessage());
    }
  }

  private static void pause(long seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteFailure("Interrupted");
    }
  }
}
