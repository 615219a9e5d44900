package dev.perilune.query.projects;

import dev.perilune.model.ProjectId;
import dev.perilune.query.audit.Audit;
import dev.perilune.query.resource.ResourceBody;
import dev.perilune.query.resource.ResourceRoutes;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Projects, their keys and their rules. The organisation's key opens all of its projects; a private
 * key its own, which it may neither delete nor have company for.
 */
public final class ProjectRoutes {
  private static final String PROJECTS = "/v1/projects";
  private static final String ONE = PROJECTS + "/:projectId";
  private static final String RULES = ONE + "/rules";
  private static final int MOST_PROJECTS = 500;

  private final Handler<RoutingContext> door;
  private final Handler<RoutingContext> rateLimit;
  private final ApiKeys keys;
  private final ProjectSql projects;
  private final RuleRoutes rules;

  public ProjectRoutes(Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.door = Authenticate.managing(keys);
    this.rateLimit = rateLimit;
    this.keys = keys;
    this.projects = new ProjectSql(database);
    this.rules = new RuleRoutes(projects, new RuleSql(database));
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    serve(router, HttpMethod.GET, PROJECTS, this::list);
    serve(router, HttpMethod.POST, PROJECTS, this::create);
    serve(router, HttpMethod.PATCH, ONE, this::change);
    serve(router, HttpMethod.DELETE, ONE, this::delete);
    serve(router, HttpMethod.POST, ONE + "/regenerate-key", this::regenerateKey);
    serve(router, HttpMethod.GET, RULES, rules::list);
    serve(router, HttpMethod.POST, RULES, rules::save);
    serve(router, HttpMethod.DELETE, RULES, rules::deleteAll);
    serve(router, HttpMethod.DELETE, RULES + "/:ruleId", rules::deleteOne);
  }

  private void serve(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    ResourceRoutes.serve(router, door, rateLimit, method, path, handler);
  }

  private void list(RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    int limit = Params.integer(ctx, "limit", MOST_PROJECTS, 1, MOST_PROJECTS);
    int page = Params.integer(ctx, "page", 0, 0, Integer.MAX_VALUE);
    projects
        .list(caller.requiredOrg(), own(caller), limit, page)
        .compose(found -> Answer.json(ctx, found))
        .onFailure(ctx::fail);
  }

  private void create(RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    if (own(caller) != null) {
      throw new Problem.Forbidden();
    }
    ResourceBody body = ResourceBody.of(ctx);
    String name = ProjectPatch.name(body);
    if (name == null) {
      body.wrong("name", "Required");
    } else if (name.isEmpty()) {
      body.wrong("name", "String must contain at least 1 character(s)");
    }
    body.checked();
    UUID org = caller.requiredOrg();
    projects
        .create(org, name, Audit.entry(ctx, "project", "create", null))
        .compose(
            made ->
                Answer.json(
                    ctx,
                    new JsonObject()
                        .put("id", made.id().toString())
                        .put("createdAt", made.createdAt())
                        .put("name", name)
                        .put("orgId", org.toString())
                        .putNull("dataRetentionDays")
                        .put("publicApiKey", made.id().toString())
                        .put("privateApiKey", made.privateKey().toString())))
        .onFailure(ctx::fail);
  }

  private void change(RoutingContext ctx) {
    UUID project = project(ctx);
    ResourceBody body = ResourceBody.of(ctx);
    ProjectPatch patch = ProjectPatch.of(body);
    body.checked();
    projects
        .change(
            Caller.of(ctx).requiredOrg(),
            project,
            patch,
            Audit.entry(ctx, "project", "rename", project),
            Audit.entry(ctx, "project", "update_retention", project))
        .compose(changed -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private void delete(RoutingContext ctx) {
    Caller caller = Caller.of(ctx);
    if (own(caller) != null) {
      throw new Problem.Unauthenticated("Not allowed");
    }
    UUID project = project(ctx);
    projects
        .delete(caller.requiredOrg(), project, Audit.entry(ctx, "project", "delete", project))
        .onSuccess(deleted -> keys.forget(new ProjectId(project)))
        .compose(deleted -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private void regenerateKey(RoutingContext ctx) {
    UUID project = project(ctx);
    UUID org = Caller.of(ctx).requiredOrg();
    ResourceBody body = ResourceBody.of(ctx);
    String type = body.get("type").asText();
    if (type.equals("public")) {
      // a public key is its project's id
      projects.require(org, project).compose(done -> Answer.empty(ctx)).onFailure(ctx::fail);
      return;
    }
    if (!type.equals("private")) {
      body.wrong(
          "type",
          body.get("type").isMissingNode()
              ? "Required"
              : "Invalid enum value. Expected 'private' | 'public'");
    }
    body.checked();
    projects
        .rotateKey(org, project, Audit.entry(ctx, "api_key", "regenerate", project))
        .onSuccess(key -> keys.forget(new ProjectId(project)))
        .compose(key -> Answer.json(ctx, new JsonObject().put("apiKey", key.toString())))
        .onFailure(ctx::fail);
  }

  /** The project that a path names; for a private key every other one is not there. */
  static UUID project(RoutingContext ctx) {
    UUID project = Params.pathUuid(ctx, "projectId");
    UUID own = own(Caller.of(ctx));
    if (own != null && !own.equals(project)) {
      throw new Problem.NotFound("Project not found");
    }
    return project;
  }

  private static @Nullable UUID own(Caller caller) {
    return caller.project() == null ? null : caller.project().value();
  }
}
