package dev.perilune.query.live;

import dev.perilune.model.RunIds;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.RawQuery;
import dev.perilune.query.filter.RunFacts;
import dev.perilune.query.filter.RunFilter;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tails the runs of a project as server-sent events. */
public final class LiveRoutes implements AutoCloseable {
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final ApiKeys keys;
  private final Handler<RoutingContext> rateLimit;
  private final LiveClients clients;
  private final Counter dropped;
  private final @Nullable RunsTail tail;
  private final long heartbeatTimer;

  /**
   * @param rateLimit counts how often streams are opened
   */
  public LiveRoutes(
      Vertx vertx,
      ApiKeys keys,
      Handler<RoutingContext> rateLimit,
      Meters meters,
      LiveSettings settings) {
    this.vertx = vertx;
    this.keys = keys;
    this.rateLimit = rateLimit;
    this.clients = new LiveClients(settings.mostClients());
    this.dropped = meters.counter(Meter.LIVE_DROPPED);
    meters.gauge(Meter.LIVE_CLIENTS, clients::size);
    String brokers = settings.bootstrapServers();
    this.tail = brokers == null ? null : RunsTail.start(brokers, clients);
    this.heartbeatTimer =
        vertx.setPeriodic(
            HEARTBEAT_INTERVAL.toMillis(), timer -> clients.all().forEach(LiveClient::heartbeat));
  }

  /** Adds the route to one event loop's router; before that of a single run. */
  public void mount(Router router) {
    router
        .get("/v1/runs/live")
        .handler(Authenticate.privateKey(keys))
        .handler(rateLimit)
        .handler(this::listen);
  }

  /** Ends every stream. */
  @Override
  public void close() {
    vertx.cancelTimer(heartbeatTimer);
    clients.all().forEach(LiveClient::end);
    if (tail != null) {
      tail.close();
    }
  }

  private void listen(RoutingContext ctx) {
    Predicate<RunFacts> filter = filter(ctx.request().query());
    if (tail == null) {
      throw new Problem.Unavailable(
          "Live runs need the brokers: start the query API with KAFKA_BOOTSTRAP_SERVERS");
    }
    clients.requireRoom();
    Context context = vertx.getOrCreateContext();
    LiveClient client =
        new LiveClient(Caller.of(ctx).requiredProject(), filter, context, ctx.response(), dropped);
    clients.add(client);
    ctx.response().closeHandler(gone -> clients.remove(client));
    ctx.response().exceptionHandler(broken -> clients.remove(client));
    client.heartbeat();
  }

  private static Predicate<RunFacts> filter(@Nullable String query) {
    RunFilter filters = RunFilter.of(FilterQuery.parse(query));
    Optional<UUID> parent = RawQuery.of(query).text("parentRunId").map(LiveRoutes::runId);
    return parent.isEmpty()
        ? filters
        : run -> filters.test(run) && parent.get().equals(run.parentRunId());
  }

  private static UUID runId(String text) {
    UUID uuid = RunIds.parseUuid(text);
    // never null: an empty text counts as not given
    return uuid != null ? uuid : Objects.requireNonNull(RunIds.derive(text));
  }
}
