package dev.perilune.query.projects;

import dev.perilune.query.audit.Audit;
import dev.perilune.query.resource.ResourceBody;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a project does not want stored, or shown: at most one rule of each type. */
final class RuleRoutes {
  private final ProjectSql projects;
  private final RuleSql rules;

  RuleRoutes(ProjectSql projects, RuleSql rules) {
    this.projects = projects;
    this.rules = rules;
  }

  void list(RoutingContext ctx) {
    UUID project = ProjectRoutes.project(ctx);
    require(ctx, project)
        .compose(there -> rules.list(project))
        .compose(found -> Answer.json(ctx, found))
        .onFailure(ctx::fail);
  }

  void save(RoutingContext ctx) {
    UUID project = ProjectRoutes.project(ctx);
    ResourceBody body = ResourceBody.of(ctx);
    String type = body.get("type").asText();
    String filters =
        switch (type) {
          case "filtering" -> RuleBody.filtering(body);
          case "masking" -> RuleBody.masking(body);
          default -> {
            body.wrong(
                "type",
                body.get("type").isMissingNode()
                    ? "Required"
                    : "Invalid enum value. Expected 'filtering' | 'masking'");
            yield null;
          }
        };
    body.checked();
    require(ctx, project)
        .compose(there -> rules.save(project, type, filters, saved(ctx, type)))
        .compose(saved -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  void deleteAll(RoutingContext ctx) {
    String type = Params.text(ctx, "type");
    if (type != null && !type.equals("filtering") && !type.equals("masking")) {
      throw new Problem.Invalid("type", "must be filtering or masking");
    }
    delete(ctx, type, null);
  }

  void deleteOne(RoutingContext ctx) {
    delete(ctx, null, Params.pathUuid(ctx, "ruleId"));
  }

  private void delete(RoutingContext ctx, @Nullable String type, @Nullable UUID id) {
    UUID project = ProjectRoutes.project(ctx);
    Audit masking = Audit.entry(ctx, "pii_masking", "disable", null);
    Audit filtering = Audit.entry(ctx, "ingestion_rule", "delete", null);
    require(ctx, project)
        .compose(there -> rules.delete(project, type, id, masking, filtering))
        .compose(deleted -> Answer.empty(ctx))
        .onFailure(ctx::fail);
  }

  private static Audit saved(RoutingContext ctx, String type) {
    return type.equals("masking")
        ? Audit.entry(ctx, "pii_masking", "enable", null)
        : Audit.entry(ctx, "ingestion_rule", "update", null);
  }

  private Future<Void> require(RoutingContext ctx, UUID project) {
    return projects.require(Caller.of(ctx).requiredOrg(), project);
  }
}
