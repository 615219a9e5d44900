package dev.perilune.query.ingest;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are to be tried again.
 *
 * @param ids null for all
 * @param reason whole text of their reason; null for any
 */
record Redrive(@Nullable List<Long> ids, @Nullable String reason) {
  /** Letters of one request; more take more requests. */
  static final int MOST = 1000;

  /**
   * Reads {@code {"ids":[…],"reason":"…"}}; both may be missing, and so may the body.
   *
   * @throws Problem.BadRequest if it is not a JSON object
   * @throws Problem.Invalid naming the field that is wrong
   */
  static Redrive parse(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      return new Redrive(null, null);
    }
    try {
      JsonObject json = new JsonObject(body);
      return new Redrive(ids(json.getValue("ids")), reason(json.getValue("reason")));
    } catch (DecodeException notJson) {
      throw new Problem.BadRequest("Expected a JSON object such as {\"ids\":[1,2]}");
    }
  }

  private static @Nullable List<Long> ids(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonArray array) || array.size() > MOST) {
      throw new Problem.Invalid("ids", "Expected a list of at most " + MOST + " ids");
    }
    List<Long> ids = new ArrayList<>(array.size());
    for (Object id : array) {
      if (!(id instanceof Integer || id instanceof Long)) {
        throw new Problem.Invalid("ids", "Expected whole numbers");
      }
      ids.add(((Number) id).longValue());
    }
    return ids;
  }

  private static @Nullable String reason(@Nullable Object value) {
    if (value != null && !(value instanceof String)) {
      throw new Problem.Invalid("reason", "Expected a text");
    }
    return (String) value;
  }
}
