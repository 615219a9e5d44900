package dev.perilune.runtime.auth;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the API key of a request, in the order that the API contract fixes. */
final class Credential {

  private static final CharSequence API_KEY = HttpHeaders.createOptimized("x-api-key");

  private Credential() {}

  /**
   * Returns the key, or null when none was presented.
   *
   * @throws Problem.Unauthenticated when something was presented that cannot be a key
   */
  static @Nullable UUID keyOf(MultiMap headers) {
    String bearer = secondWord(headers.get(HttpHeaders.AUTHORIZATION));
    if (bearer != null) {
      return uuid(bearer, "Invalid access token");
    }
    String apiKey = headers.get(API_KEY);
    return apiKey == null || apiKey.isBlank() ? null : uuid(apiKey.strip(), "Invalid API key");
  }

  private static UUID uuid(String text, String refusal) {
    UUID uuid = RunIds.parseUuid(text);
    if (uuid == null) {
      throw new Problem.Unauthenticated(refusal);
    }
    return uuid;
  }

  /** The scheme word is not looked at: Bearer, Basic and Token all work; without one, no key. */
  private static @Nullable String secondWord(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    String[] words = authorization.strip().split(" +", 3);
    return words.length < 2 ? null : words[1];
  }
}
