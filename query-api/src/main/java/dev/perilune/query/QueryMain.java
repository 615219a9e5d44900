package dev.perilune.query;

import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.HttpService;
import dev.perilune.runtime.ops.Health;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;

/** Starts the query service in a process of its own. */
public final class QueryMain {

  private QueryMain() {}

  public static void main(String[] arguments) {
    Env env = Env.ofProcess();
    HttpSettings http = HttpSettings.from(env);
    PgSettings postgres = PgSettings.from(env);
    QuerySettings query = QuerySettings.from(env);
    env.check();

    Vertx vertx = Vertx.vertx();
    Meters meters = new Meters();
    Health health = new Health();
    Database database = Database.open(vertx, postgres, meters);
    ApiKeys keys = new ApiKeys(database);
    QueryApi api = QueryApi.start(vertx, query, database, keys, health, meters).await();
    HttpService server = HttpService.start(vertx, http, health, meters, api::mount).await();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(api, server, database, vertx)));
  }

  private static void stop(QueryApi api, HttpService server, Database database, Vertx vertx) {
    // streams end by themselves only here: the server would wait for them
    api.close()
        .eventually(server::close)
        .eventually(database::close)
        .otherwise((Void) null)
        .await();
    // by itself: a chain would wait for an event loop that this ends
    vertx.close().await();
  }
}
