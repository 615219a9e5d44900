package dev.perilune.standalone;

import dev.perilune.ingest.IngestGateway;
import dev.perilune.query.QueryApi;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Every route that the product has, with the services that answer them. */
final class ProductRoutes implements AutoCloseable {

  /**
   * A method and a path.
   *
   * @param path with {@code :name} for each parameter
   */
  record Endpoint(HttpMethod method, String path) {

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final Database database;
  private final QueryApi query;
  private final IngestGateway gateway;
  private final HttpService server;
  private final List<Endpoint> endpoints;

  private ProductRoutes(Map<String, String> environment) {
    Env env = new Env(environment);
    Services.Settings settings = Services.Settings.from(env);
    env.check();
    Health health = new Health();
    database = Database.open(vertx, settings.postgres(), meters);
    ApiKeys keys = new ApiKeys(database);
    query = QueryApi.start(vertx, settings.query(), database, keys, health, meters).await();
    gateway = IngestGateway.start(vertx, settings.ingest(), database, keys, health, meters).await();
    AtomicReference<Router> mounted = new AtomicReference<>();
    server =
        HttpService.start(
                vertx,
                new HttpSettings("127.0.0.1", 0, 1),
                health,
                meters,
                router -> {
                  gateway.mount(router);
                  query.mount(router);
                  mounted.set(router);
                })
            .await();
    endpoints = endpoints(mounted.get());
  }

  /** Starts the services that have routes; what they need is looked for when it is needed. */
  static ProductRoutes start(String databaseUrl, String brokers) {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", databaseUrl);
    environment.put("KAFKA_BOOTSTRAP_SERVERS", brokers);
    environment.put("PERILUNE_RATE_LIMIT", "0");
    return new ProductRoutes(environment);
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private static List<Endpoint> endpoints(Router router) {
    return router.getRoutes().stream()
        .filter(route -> route.getPath() != null && route.methods() != null)
        .flatMap(ProductRoutes::endpoints)
        .distinct()
        .sorted(Comparator.comparing(Endpoint::toString))
        .toList();
  }

  private static Stream<Endpoint> endpoints(Route route) {
    Set<HttpMethod> methods = route.methods();
    return methods.stream().map(method -> new Endpoint(method, route.getPath()));
  }

  @Override
  public void close() {
    query.close().await();
    server.close().await();
    gateway.close().await();
    database.close().await();
    vertx.close().await();
    meters.close();
  }
}
