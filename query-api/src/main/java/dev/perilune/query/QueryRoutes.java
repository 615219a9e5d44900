package dev.perilune.query;

import dev.perilune.query.about.AboutRoutes;
import dev.perilune.query.analytics.AnalyticsRoutes;
import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.audit.AuditRoutes;
import dev.perilune.query.checklists.Checklists;
import dev.perilune.query.dashboards.Dashboards;
import dev.perilune.query.ingest.LetterRoutes;
import dev.perilune.query.ingest.ReceiptRoutes;
import dev.perilune.query.jobs.JobRoutes;
import dev.perilune.query.live.LiveRoutes;
import dev.perilune.query.models.Models;
import dev.perilune.query.openapi.OpenApiRoutes;
import dev.perilune.query.options.OptionRoutes;
import dev.perilune.query.projects.ProjectRoutes;
import dev.perilune.query.resource.Resource;
import dev.perilune.query.resource.ResourceRoutes;
import dev.perilune.query.runs.RunEditRoutes;
import dev.perilune.query.runs.RunRoutes;
import dev.perilune.query.runs.export.ExportRoutes;
import dev.perilune.query.users.ExternalUserRoutes;
import dev.perilune.query.views.Views;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.limit.RateLimit;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Every feature of this service, one line each. */
final class QueryRoutes {

  /** Collections that are served by the kit alone. */
  static final List<Resource> RESOURCES = List.of(Checklists.CHECKLISTS, Views.VIEWS);

  private final AboutRoutes about;
  private final AnalyticsRoutes analytics;
  private final Dashboards dashboards;
  private final JobRoutes jobs;
  private final AuditRoutes audit;
  private final ExportRoutes exports;
  private final LetterRoutes letters;
  private final LiveRoutes live;
  private final Models models;
  private final OpenApiRoutes openApi;
  private final OptionRoutes options;
  private final ProjectRoutes projects;
  private final ReceiptRoutes receipts;
  private final List<ResourceRoutes> resources;
  private final RunRoutes runs;
  private final RunEditRoutes runEdits;
  private final ExternalUserRoutes users;

  QueryRoutes(Vertx vertx, QuerySettings settings, Database database, ApiKeys keys, Meters meters) {
    Handler<RoutingContext> rateLimit = RateLimit.of(settings.rate());
    about = new AboutRoutes(keys, rateLimit);
    UserDaysSql days = new UserDaysSql(vertx);
    analytics =
        new AnalyticsRoutes(vertx, database, keys, rateLimit, settings.statementLimit(), days);
    dashboards = new Dashboards(database, keys, rateLimit);
    jobs = new JobRoutes(database, keys, rateLimit);
    audit = new AuditRoutes(database, keys, rateLimit, settings.statementLimit());
    exports = new ExportRoutes(vertx, database, keys, rateLimit);
    letters = new LetterRoutes(database, keys, rateLimit);
    live = new LiveRoutes(vertx, keys, rateLimit, meters, settings.live());
    models = new Models(database, keys, rateLimit);
    openApi = new OpenApiRoutes();
    options = new OptionRoutes(database, keys, rateLimit, settings.statementLimit());
    projects = new ProjectRoutes(database, keys, rateLimit);
    receipts = new ReceiptRoutes(vertx, database, keys, settings.consumerGroup());
    resources =
        RESOURCES.stream()
            .map(resource -> new ResourceRoutes(database, keys, rateLimit, resource))
            .toList();
    runs = new RunRoutes(database, keys, rateLimit, settings.statementLimit());
    runEdits = new RunEditRoutes(database, keys, rateLimit, settings.statementLimit());
    users =
        new ExternalUserRoutes(vertx, database, keys, rateLimit, settings.statementLimit(), days);
  }

  void mount(Router router) {
    about.mount(router);
    analytics.mount(router);
    dashboards.mount(router);
    jobs.mount(router);
    audit.mount(router);
    letters.mount(router);
    models.mount(router);
    openApi.mount(router);
    options.mount(router);
    projects.mount(router);
    receipts.mount(router);
    // before the runs, of which they would be some by their names
    live.mount(router);
    exports.mount(router);
    resources.forEach(resource -> resource.mount(router));
    runs.mount(router);
    runEdits.mount(router);
    users.mount(router);
  }

  void close() {
    live.close();
    users.close();
  }
}
