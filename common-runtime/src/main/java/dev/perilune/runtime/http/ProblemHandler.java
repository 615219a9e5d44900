package dev.perilune.runtime.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every error body. A {@link Problem} is answered as it asks; anything else is a bug: the
 * caller gets an id, the log gets the id and the cause, and neither gets the other's part.
 */
final class ProblemHandler implements Handler<RoutingContext> {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private final int unmatchedStatus;

  /**
   * @param unmatchedStatus what is meant when the router gives up without a status or a failure
   */
  ProblemHandler(int unmatchedStatus) {
    this.unmatchedStatus = unmatchedStatus;
  }

  @Override
  public void handle(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Problem problem = problem(ctx);
    if (response.headWritten()) {
      // the status line is out: only a broken connection still tells the caller
      logUnexpected(ctx, problem, "unanswered");
      ctx.request().connection().close();
    } else if (problem != null) {
      problem.headers().forEach(response::putHeader);
      Answer.json(ctx, problem.status(), problem.body());
    } else {
      String requestId = UUID.randomUUID().toString();
      logUnexpected(ctx, null, requestId);
      Answer.json(
          ctx,
          500,
          new JsonObject()
              .put("message", "An unexpected error occurred")
              .put("requestId", requestId));
    }
  }

  private @Nullable Problem problem(RoutingContext ctx) {
    if (ctx.failure() instanceof Problem problem) {
      return problem;
    }
    return switch (status(ctx)) {
      case 400 -> new Problem.BadRequest("the request cannot be read");
      // a wrong method is answered like a wrong path: the contract knows no 405
      case 404, 405, 406, 415 -> new Problem.NotFound();
      case 413 -> new Problem.TooLarge();
      default -> null;
    };
  }

  private int status(RoutingContext ctx) {
    if (ctx.failure() instanceof HttpException refused) {
      return refused.getStatusCode();
    }
    return ctx.statusCode() < 0 ? unmatchedStatus : ctx.statusCode();
  }

  private static void logUnexpected(RoutingContext ctx, @Nullable Problem known, String requestId) {
    log.error(
        "{} {} failed, request id {}",
        ctx.request().method(),
        ctx.request().path(),
        requestId,
        known == null ? ctx.failure() : known);
  }
}
