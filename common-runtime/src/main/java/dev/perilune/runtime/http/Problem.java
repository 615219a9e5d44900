package dev.perilune.runtime.http;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A failure that the caller can mend or wait out. It knows its status, body and headers; {@link
 * ProblemHandler} writes them. It has no stack trace, because a refused request is not a bug.
 */
public abstract sealed class Problem extends RuntimeException {

  private final int status;

  private Problem(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  public int status() {
    return status;
  }

  public JsonObject body() {
    return new JsonObject().put("message", getMessage());
  }

  /** Headers that belong to this answer, beyond the content type. */
  public Map<String, String> headers() {
    return Map.of();
  }

  private static Map<String, String> retryAfter(Duration wait) {
    return Map.of("Retry-After", Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
  }

  /** 400: the request cannot be read at all. */
  public static final class BadRequest extends Problem {
    public BadRequest(String message) {
      super(400, message);
    }
  }

  /** 401: no credential, or one that does not open this door. */
  public static final class Unauthenticated extends Problem {
    public Unauthenticated(String message) {
      super(401, message);
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("WWW-Authenticate", "Bearer");
    }
  }

  /** 402: the request names no project, or names it in a form that no project has. */
  public static final class NoProject extends Problem {
    public NoProject() {
      super(402, "Incorrect project id format");
    }
  }

  /** 403: the credential is good, the right is missing. */
  public static final class Forbidden extends Problem {
    public Forbidden() {
      super(403, "You don't have access to this resource");
    }

    @Override
    public JsonObject body() {
      return new JsonObject().put("error", "Forbidden").put("message", getMessage());
    }
  }

  /** 404: no such route, or nothing of that id in the caller's project. */
  public static final class NotFound extends Problem {
    public NotFound() {
      this("Not Found");
    }

    public NotFound(String message) {
      super(404, message);
    }
  }

  /** 408: the sender stopped sending in the middle of its request. */
  public static final class TooSlow extends Problem {
    public TooSlow() {
      super(408, "the request body did not arrive in time");
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("Connection", "close");
    }
  }

  /** 413: the decoded body is over the limit. */
  public static final class TooLarge extends Problem {
    public TooLarge() {
      this("request entity too large");
    }

    public TooLarge(String message) {
      super(413, message);
    }
  }

  /** 422: values that were read but may not be; says which and what would be right. */
  public static final class Invalid extends Problem {

    /** One wrong value: the path of its field, and what would be right. */
    public record Issue(String field, String text) {}

    public Invalid(String field, String text) {
      this(List.of(new Issue(field, text)));
    }

    public Invalid(List<Issue> issues) {
      super(
          422,
          issues.stream()
              .map(issue -> issue.text() + " at \"" + issue.field() + "\"")
              .collect(Collectors.joining("; ", "Validation error: ", "")));
    }

    @Override
    public JsonObject body() {
      return new JsonObject().put("error", "Error").put("message", getMessage());
    }
  }

  /** 422: the request is understood, and what it asks for must not happen. */
  public static final class Refused extends Problem {
    private final String title;

    public Refused(String title, String message) {
      super(422, message);
      this.title = title;
    }

    @Override
    public JsonObject body() {
      return new JsonObject().put("error", title).put("message", getMessage());
    }
  }

  /** 429: over a rate; says when to come back. */
  public static final class TooManyRequests extends Problem {
    private final transient Duration wait;

    public TooManyRequests(Duration wait) {
      super(429, "Sometimes You Just Have to Slow Down.");
      this.wait = wait;
    }

    @Override
    public JsonObject body() {
      return new JsonObject().put("error", "Too many requests").put("message", getMessage());
    }

    @Override
    public Map<String, String> headers() {
      return retryAfter(wait);
    }
  }

  /** 503: something we need is away or full; the same request may succeed later. */
  public static final class Unavailable extends Problem {
    private final transient Duration wait;

    public Unavailable(String message) {
      this(message, Duration.ofSeconds(1));
    }

    public Unavailable(String message, Duration wait) {
      super(503, message);
      this.wait = wait;
    }

    @Override
    public Map<String, String> headers() {
      return retryAfter(wait);
    }
  }
}
