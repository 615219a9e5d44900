package dev.perilune.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a running instance over HTTP, as its users do.
 *
 * @param url without a trailing slash
 */
public record PeriluneTester(String url, String publicKey, String privateKey) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(20);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

  /**
   * Posts events with the public key.
   *
   * @param events the JSON array that goes under {@code events}
   * @return the {@code results} of the answer
   * @throws AssertionError when the status is not 200
   */
  public JsonNode ingest(String events) throws IOException, InterruptedException {
    return accepted(events).path("results");
  }

  /**
   * Posts events with the public key and waits until all of them are visible.
   *
   * @return what the receipt tells: {@code events} and {@code deadLetters}
   * @throws AssertionError when nothing was taken, or is not visible within 20 seconds
   */
  public JsonNode store(String events) throws IOException, InterruptedException {
    JsonNode receipt = accepted(events).path("receipt");
    if (!receipt.isTextual()) {
      throw new AssertionError("No receipt for " + events);
    }
    JsonNode told =
        json(
            "/v1/ingest/receipts/%s?wait=%ds"
                .formatted(receipt.asText(), VISIBLE_LIMIT.toSeconds()));
    if (!told.path("visible").asBoolean()) {
      throw new AssertionError("Not visible within " + VISIBLE_LIMIT + ": " + told);
    }
    return told;
  }

  private JsonNode accepted(String events) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/v1/runs/ingest", publicKey, "{\"events\":" + events + "}");
    if (answer.statusCode() != 200) {
      throw new AssertionError("Ingest answered " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /**
   * Posts JSON; the caller judges the status.
   *
   * @param key {@code null} = without a credential
   */
  public HttpResponse<String> post(String path, @Nullable String key, String json)
      throws IOException, InterruptedException {
    return send(
        request(path, key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** Reads with the private key; the caller judges the status. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path, privateKey).GET());
  }

  /** Reads with the private key what must be there. */
  public JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " answered " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** Waits until a run can be read, and returns it. */
  public JsonNode run(String id) throws Exception {
    return run(id, found -> true);
  }

  /** Waits until a run can be read and is as expected, and returns it. */
  public JsonNode run(String id, Predicate<JsonNode> isExpected) throws Exception {
    return Eventually.get(
        "run " + id,
        VISIBLE_LIMIT,
        () -> {
          HttpResponse<String> answer = get("/v1/runs/" + id);
          return answer.statusCode() == 200
              ? Optional.of(JSON.readTree(answer.body())).filter(isExpected)
              : Optional.empty();
        });
  }

  private HttpRequest.Builder request(String path, @Nullable String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(REQUEST_LIMIT);
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
