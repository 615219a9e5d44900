package dev.perilune.query.ingest;

import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.Receipt;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Tells whether what an ingest took is visible by now, and which of it went to the dead letters. A
 * receipt is no secret: of what it covers only the caller's own letters are told.
 */
public final class ReceiptRoutes {
  private static final int MOST_WAITING = 1000;

  private final ApiKeys keys;
  private final Visibility visibility;
  private final LetterSql letters;

  /**
   * @param group the processors' consumer group, whose offsets count
   */
  public ReceiptRoutes(Vertx vertx, Database database, ApiKeys keys, String group) {
    this.keys = keys;
    this.letters = new LetterSql(database);
    this.visibility = new Visibility(vertx, new OffsetSql(database, group)::stored, MOST_WAITING);
  }

  /** Adds the route to one event loop's router. */
  public void mount(Router router) {
    router
        .get("/v1/ingest/receipts/:token")
        .handler(Authenticate.project(keys))
        .handler(this::answer);
  }

  private void answer(RoutingContext ctx) {
    Receipt receipt = receipt(Params.pathText(ctx, "token"));
    Duration wait = WaitTime.parse(Params.text(ctx, "wait"));
    ProjectId project = Caller.of(ctx).requiredProject();
    visibility
        .of(receipt, wait)
        .compose(visible -> tell(project, receipt, visible))
        .compose(answer -> Answer.json(ctx, answer))
        .onFailure(ctx::fail);
  }

  /** Letters are read after the offsets, so those of a visible receipt are complete. */
  private Future<JsonObject> tell(ProjectId project, Receipt receipt, boolean visible) {
    return letters
        .of(project, receipt)
        .map(
            found ->
                new JsonObject()
                    .put("visible", visible)
                    .put("events", receipt.events())
                    .put("deadLetters", LetterJson.of(found)));
  }

  private static Receipt receipt(String token) {
    try {
      return Receipt.parse(token);
    } catch (IllegalArgumentException notOurs) {
      throw new Problem.NotFound("Not a receipt; an ingest answers one in X-Perilune-Receipt");
    }
  }
}
