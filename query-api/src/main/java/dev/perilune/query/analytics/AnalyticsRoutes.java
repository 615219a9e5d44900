package dev.perilune.query.analytics;

import dev.perilune.query.analytics.days.UserDaysSql;
import dev.perilune.query.analytics.time.Buckets;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes under {@code /v1/analytics}. */
public final class AnalyticsRoutes {

  private static final String ROOT = "/v1/analytics/";
  private static final int TOP = 5;
  private static final int ORG_TOP = 20;

  private final Handler<RoutingContext> privateKey;
  private final Handler<RoutingContext> orgKey;
  private final Handler<RoutingContext> rateLimit;
  private final SeriesAnswers series;
  private final TopSql top;
  private final ModelsSql models;
  private final VersionSql versions;
  private final AnswerCache cache = new AnswerCache();
  private final InstantSource clock = InstantSource.system();

  /**
   * @param rateLimit follows the check of the key on every route
   * @param statementLimit how long one statement may take
   */
  public AnalyticsRoutes(
      Vertx vertx,
      Database database,
      ApiKeys keys,
      Handler<RoutingContext> rateLimit,
      Duration statementLimit,
      UserDaysSql days) {
    ReadSql read = new ReadSql(database, statementLimit);
    this.versions = new VersionSql(database);
    this.series = new SeriesAnswers(read, new ActiveDaysSql(vertx, days));
    this.top = new TopSql(read);
    this.models = new ModelsSql(read);
    this.privateKey = Authenticate.privateKey(keys);
    this.orgKey = Authenticate.orgKey(keys);
    this.rateLimit = rateLimit;
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    for (RunSeries each : RunSeries.values()) {
      addSeries(router, each.path(), (id, query, at) -> series.sums(id, query, at, each));
    }
    addSeries(router, "latency", series::latency);
    addSeries(router, "users/active", series::activeUsers);
    addSeries(router, "users/new", series::newUsers);
    addSeries(router, "users/average-cost", series::averageUserCost);
    addProject(router, "agents/top", SeriesQuery::of, listed(top::agents));
    addProject(router, "languages/top", SeriesQuery::of, listed(top::languages));
    addProject(router, "topics/top", SeriesQuery::of, listed(top::topics));
    addProject(
        router, "models/top", query -> TopQuery.anyTime(query, TOP), bare(models::ofProject));
    addProject(router, "templates/top", query -> TopQuery.inTime(query, TOP), bare(top::templates));
    Function<Caller, UUID> org = caller -> Objects.requireNonNull(caller.org());
    add(
        router,
        "org/models/top",
        orgKey,
        org,
        query -> TopQuery.anyTime(query, ORG_TOP),
        bare(models::ofOrg));
  }

  private void addSeries(Router router, String path, SeriesQuestion question) {
    addProject(
        router,
        path,
        SeriesQuery::of,
        (project, query) -> question.ask(project, query, query.buckets(clock.instant())));
  }

  private <Q extends Asked> void addProject(
      Router router, String path, Function<@Nullable String, Q> reader, Question<Q> question) {
    add(router, path, privateKey, caller -> caller.requiredProject().value(), reader, question);
  }

  private <Q extends Asked> void add(
      Router router,
      String path,
      Handler<RoutingContext> door,
      Function<Caller, UUID> tenant,
      Function<@Nullable String, Q> reader,
      Question<Q> question) {
    router
        .get(ROOT + path)
        .handler(door)
        .handler(rateLimit)
        .handler(
            ctx -> {
              Q query = reader.apply(ctx.request().query());
              answer(ctx, path, tenant.apply(Caller.of(ctx)), query, question);
            });
  }

  private <Q extends Asked> void answer(
      RoutingContext ctx, String path, UUID tenant, Q query, Question<Q> question) {
    versions
        .of(tenant)
        .compose(
            version -> {
              AnswerCache.Key key = new AnswerCache.Key(tenant, path, query, version);
              Supplier<Future<Answered>> ask = () -> ask(tenant, query, question);
              return wantsNew(ctx) ? ask.get() : cache.find(key, ask);
            })
        .compose(answer -> send(ctx, answer))
        .onFailure(ctx::fail);
  }

  private <Q extends Asked> Future<Answered> ask(UUID tenant, Q query, Question<Q> question) {
    Instant now = clock.instant();
    Duration fresh = AnswerCache.freshness(query, now);
    return question
        .ask(tenant, query)
        .map(body -> new Answered(body.json(), body.approximate(), now, fresh));
  }

  private Future<Void> send(RoutingContext ctx, Answered answer) {
    ctx.response()
        .putHeader(
            HttpHeaders.CACHE_CONTROL, "private, max-age=" + answer.secondsLeft(clock.instant()))
        .putHeader("X-Perilune-As-Of", answer.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
    if (answer.approximate()) {
      ctx.response().putHeader("X-Perilune-Approx", "latency");
    }
    return Answer.json(ctx, answer.body());
  }

  /** Browsers say so when somebody reloads a page. */
  private static boolean wantsNew(RoutingContext ctx) {
    String wish = ctx.request().getHeader(HttpHeaders.CACHE_CONTROL);
    return wish != null && wish.contains("no-cache");
  }

  private static <Q extends Asked> Question<Q> listed(Listing<Q> listing) {
    return (tenant, query) ->
        listing.ask(tenant, query).map(rows -> Body.exact(AnalyticsJson.rows(rows, true)));
  }

  private static <Q extends Asked> Question<Q> bare(Listing<Q> listing) {
    return (tenant, query) ->
        listing.ask(tenant, query).map(rows -> Body.exact(AnalyticsJson.rows(rows, false)));
  }

  private interface Question<Q extends Asked> {
    Future<Body> ask(UUID tenant, Q query);
  }

  private interface SeriesQuestion {
    Future<Body> ask(UUID project, SeriesQuery query, Buckets buckets);
  }

  private interface Listing<Q extends Asked> {
    Future<List<Map<String, @Nullable Object>>> ask(UUID tenant, Q query);
  }
}
