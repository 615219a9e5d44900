package dev.perilune.runtime.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;

/** The few ways a handler answers. */
public final class Answer {

  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final Buffer EMPTY = Buffer.buffer("{}");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Answer() {}

  /** 200 with the value as JSON: a {@link Buffer} that is JSON already, a tree, or any value. */
  public static Future<Void> json(RoutingContext ctx, Object body) {
    return json(ctx, 200, body);
  }

  /** The same with another status. */
  public static Future<Void> json(RoutingContext ctx, int status, Object body) {
    HttpServerResponse response = ctx.response();
    return response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(encoded(body));
  }

  /** 200 with {@code {}}, which is what a change without a result answers. */
  public static Future<Void> empty(RoutingContext ctx) {
    return json(ctx, 200, EMPTY);
  }

  /** 204 without a body. */
  public static Future<Void> noContent(RoutingContext ctx) {
    return ctx.response().setStatusCode(204).end();
  }

  private static Buffer encoded(Object body) {
    if (body instanceof Buffer ready) {
      return ready;
    }
    if (body instanceof JsonNode tree) {
      try {
        return Buffer.buffer(MAPPER.writeValueAsBytes(tree));
      } catch (JsonProcessingException impossible) {
        throw new IllegalStateException("A JSON tree could not be written", impossible);
      }
    }
    return Json.encodeToBuffer(body);
  }
}
