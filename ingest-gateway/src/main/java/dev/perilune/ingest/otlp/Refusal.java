package dev.perilune.ingest.otlp;

import dev.perilune.ingest.otlp.decode.TooMany;
import dev.perilune.ingest.otlp.decode.Undecodable;
import dev.perilune.runtime.http.Problem;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a whole request is not taken, whichever way it came.
 *
 * @param status of HTTP
 * @param headers that tell more, such as when to come back
 */
record Refusal(int status, String text, Map<String, String> headers) {
  private static final Logger log = LoggerFactory.getLogger(Refusal.class);

  static Refusal of(int status, String text) {
    return new Refusal(status, text, Map.of());
  }

  static Refusal of(Throwable failure) {
    if (failure instanceof Problem problem) {
      return new Refusal(problem.status(), problem.getMessage(), problem.headers());
    }
    if (failure instanceof Undecodable broken) {
      return of(400, broken.getMessage());
    }
    if (failure instanceof UnknownMedia unknown) {
      return of(415, unknown.getMessage());
    }
    if (failure instanceof TooMany many) {
      return of(413, many.getMessage());
    }
    String id = UUID.randomUUID().toString();
    log.error("An OTLP request failed, request id {}", id, failure);
    return of(500, "An unexpected error occurred, request id " + id);
  }

  RpcCode code() {
    return RpcCode.of(status);
  }

  /** Seconds to wait before the same request may succeed; 0 if it never will. */
  long retrySeconds() {
    String seconds = headers.get("Retry-After");
    return seconds == null ? 0 : Long.parseLong(seconds);
  }
}
