package dev.perilune.runtime.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Lets browsers of any site call the API with credentials: the browser SDK posts events with the
 * public key from wherever it runs. Sits before everything that can fail, so that error answers
 * carry the headers too.
 */
final class Cors implements Handler<RoutingContext> {

  private static final CharSequence ALL_METHODS =
      HttpHeaders.createOptimized("GET,POST,PATCH,DELETE,OPTIONS,PUT");
  private static final CharSequence ALL_HEADERS =
      HttpHeaders.createOptimized("Content-Type,Authorization,Accept,X-Api-Key");
  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
  private static final CharSequence TWO_HOURS = HttpHeaders.createOptimized("7200");

  @Override
  public void handle(RoutingContext ctx) {
    MultiMap asked = ctx.request().headers();
    MultiMap answer = ctx.response().headers();
    answer.set(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = asked.get(HttpHeaders.ORIGIN);
    if (origin != null) {
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    if (ctx.request().method() == HttpMethod.OPTIONS
        && asked.contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, ALL_METHODS);
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALL_HEADERS);
      answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, TWO_HOURS);
      Answer.noContent(ctx);
    } else {
      ctx.next();
    }
  }
}
