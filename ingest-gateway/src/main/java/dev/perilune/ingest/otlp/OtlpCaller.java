package dev.perilune.ingest.otlp;

import dev.perilune.ingest.intake.Origin;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the project of an exporter, by the same keys as SDKs have. */
final class OtlpCaller {
  private static final String AUTHORIZATION = "authorization";
  private static final String API_KEY = "x-api-key";
  private static final String PROJECT_KEY = "lunary-project-key";
  private static final String SPACE = "%20";

  private OtlpCaller() {}

  /** Returns where the caller's events belong; fails with {@link Problem.Unauthenticated}. */
  static Future<Origin> of(MultiMap headers, ApiKeys keys) {
    String authorization = first(headers.get(AUTHORIZATION));
    String key = first(headers.get(API_KEY));
    key = key != null ? key : first(headers.get(PROJECT_KEY));
    if (authorization == null && key == null) {
      return Future.failedFuture(new Problem.Unauthenticated("No API key provided"));
    }
    MultiMap presented = MultiMap.caseInsensitiveMultiMap();
    if (authorization != null) {
      // some exporters send what stands in an environment variable as it stands there
      String plain = authorization.replace(SPACE, " ").strip();
      presented.set(AUTHORIZATION, plain.indexOf(' ') < 0 ? "Bearer " + plain : plain);
    } else {
      presented.set(API_KEY, key.replace(SPACE, " ").strip());
    }
    return Authenticate.projectOf(presented, keys)
        .recover(OtlpCaller::inOneVoice)
        .map(OtlpCaller::origin);
  }

  private static @Nullable String first(@Nullable String header) {
    return header == null || header.replace(SPACE, " ").isBlank() ? null : header;
  }

  private static Future<Caller> inOneVoice(Throwable refused) {
    return Future.failedFuture(
        refused instanceof Problem.Unauthenticated
            ? new Problem.Unauthenticated("Invalid API key")
            : refused);
  }

  private static Origin origin(Caller caller) {
    return new Origin(caller.requiredProject(), Objects.requireNonNull(caller.key()));
  }
}
