package dev.perilune.query.runs;

import dev.perilune.model.RunIds;
import dev.perilune.query.audit.Audit;
import dev.perilune.query.audit.AuditSql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.edit.EditedRun;
import dev.perilune.runtime.edit.RunDeletion;
import dev.perilune.runtime.edit.RunEdit;
import dev.perilune.runtime.edit.RunEdits;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The routes that change runs, and the one that shows a run to everybody. */
public final class RunEditRoutes {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final RunEdits edits;
  private final RunDeletion deletion;
  private final PublicRunSql publicRuns;
  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> anybody;
  private final Handler<RoutingContext> rateLimit;

  /**
   * @param rateLimit follows the check of the key on every route
   * @param statementLimit how long one statement of a question may take
   */
  public RunEditRoutes(
      Database database, ApiKeys keys, Handler<RoutingContext> rateLimit, Duration statementLimit) {
    this.edits = new RunEdits(database);
    this.deletion = new RunDeletion(edits);
    this.publicRuns = new PublicRunSql(database, statementLimit);
    this.privateKey = Authenticate.privateKey(keys);
    this.anybody = Authenticate.optional(keys);
    this.rateLimit = rateLimit;
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    router.get("/v1/runs/:id/public").handler(anybody).handler(rateLimit).handler(this::showPublic);
    // a public route with a right of its own: who has a key without that right is forbidden
    patch(router, "feedback", anybody, RunEditBody::feedback);
    patch(router, "score", privateKey, RunEditBody::score);
    patch(router, "tags", privateKey, RunEditBody::tags);
    patch(router, "visibility", privateKey, RunEditBody::visibility);
    router.delete("/v1/runs/:id").handler(privateKey).handler(rateLimit).handler(this::delete);
  }

  private void patch(
      Router router, String part, Handler<RoutingContext> door, Function<Buffer, RunEdit> read) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    router
        .patch("/v1/runs/:id/" + part)
        .handler(door)
        .handler(RunEditRoutes::mayEdit)
        .handler(rateLimit)
        // as a plain handler: the router wants body handlers first, but who may not gets no body
        // read
        .handler(body::handle)
        .handler(ctx -> edit(ctx, read.apply(ctx.body().buffer())));
  }

  private static void mayEdit(RoutingContext ctx) {
    if (Caller.of(ctx).kind() != Caller.Kind.PRIVATE_KEY) {
      throw new Problem.Forbidden();
    }
    ctx.next();
  }

  private void edit(RoutingContext ctx, RunEdit edit) {
    Caller caller = Caller.of(ctx);
    UUID project = caller.requiredProject().value();
    List<UUID> ids = RunId.of(Params.pathText(ctx, "id"), caller).candidates();
    Audit deed = Audit.entry(ctx, "", action(edit), null);
    edits
        .apply(project, ids, edit, (connection, run) -> AuditSql.write(connection, on(deed, run)))
        .map(run -> run.orElseThrow(() -> new Problem.NotFound("Run not found")))
        .compose(run -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private void delete(RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    String id = Params.pathText(ctx, "id");
    if (RunIds.parseUuid(id) == null) {
      throw new Problem.Invalid("id", "Invalid uuid");
    }
    Audit deed = Audit.entry(ctx, "", "delete", null);
    deletion
        .delete(
            caller.requiredProject().value(),
            RunId.of(id, caller).candidates(),
            (connection, run) -> AuditSql.write(connection, on(deed, run)))
        .map(run -> run.orElseThrow(Problem.NotFound::new))
        .compose(run -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private void showPublic(RoutingContext ctx) {
    publicRuns
        .find(Caller.of(ctx), Params.pathText(ctx, "id"))
        .map(
            run ->
                run.orElseThrow(
                    () -> new Problem.NotFound("Run not found. It might not be public.")))
        .compose(run -> Answer.json(ctx, run))
        .onFailure(ctx::fail);
  }

  private static String action(RunEdit edit) {
    if (edit instanceof RunEdit.Visibility visibility) {
      return visibility.isPublic() ? "make_public" : "make_private";
    }
    if (edit instanceof RunEdit.Tags) {
      return "update_tags";
    }
    return edit instanceof RunEdit.Score ? "add_score" : "add_feedback";
  }

  /** Traces and conversations have a name of their own in the audit log. */
  private static Audit on(Audit deed, EditedRun run) {
    String type = run.type() == null ? "" : run.type();
    return switch (type) {
      case "agent", "chain" -> deed.on("trace", run.id());
      case "thread", "chat" -> deed.on("conversation", run.id());
      default -> deed.on("llm_log", run.id());
    };
  }
}
