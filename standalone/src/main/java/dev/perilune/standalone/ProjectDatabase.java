package dev.perilune.standalone;

import dev.perilune.embedded.DirectoryInUse;
import dev.perilune.embedded.DirectoryLock;
import dev.perilune.embedded.EmbeddedPostgres;
import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.db.Migrations;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The database of an installation, for one command: the one that a variable names, that of a
 * standalone that runs on the data folder, or that of a stopped one, started for as long as this is
 * open.
 */
final class ProjectDatabase implements AutoCloseable {
  private static final String URL = "DATABASE_URL";
  private static final int ANSWER_SECONDS = 20;

  private final Deque<Runnable> toClose;
  private final Database database;

  private ProjectDatabase(Deque<Runnable> toClose, Database database) {
    this.toClose = toClose;
    this.database = database;
  }

  /**
   * Opens it.
   *
   * @throws StartRefused when there is none
   */
  static ProjectDatabase open(Map<String, String> environment) {
    Deque<Runnable> toClose = new ArrayDeque<>();
    try {
      PgSettings settings = settings(environment, toClose);
      Vertx vertx = Vertx.vertx();
      toClose.push(() -> finish(vertx.close()));
      Database database = Database.open(vertx, settings, new Meters());
      toClose.push(() -> finish(database.close()));
      return new ProjectDatabase(toClose, database);
    } catch (RuntimeException e) {
      toClose.forEach(Runnable::run);
      throw e;
    }
  }

  Database database() {
    return database;
  }

  /**
   * The answer of the database.
   *
   * @throws StartRefused when it does not come
   */
  <T> T await(Future<T> answer) {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof TimeoutException
          ? new StartRefused("The database does not answer.")
          : new StartRefused(String.valueOf(e.getCause().getMessage()));
    }
  }

  @Override
  public void close() {
    toClose.forEach(Runnable::run);
  }

  private static PgSettings settings(Map<String, String> environment, Deque<Runnable> toClose) {
    Path dataDir = StandaloneSettings.dataDir(new Env(environment));
    boolean given = !environment.getOrDefault(URL, "").isBlank();
    if (given || !Files.isDirectory(dataDir.resolve("postgres"))) {
      // without a folder only a running installation with an outside database is left
      return settings(given ? environment : RunningServers.complete(environment, dataDir));
    }
    DirectoryLock lock;
    try {
      lock = DirectoryLock.take(dataDir);
    } catch (DirectoryInUse running) {
      return settings(RunningServers.complete(environment, dataDir));
    }
    toClose.push(lock::close);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir.resolve("postgres"), 0, true);
    toClose.push(postgres::close);
    Map<String, String> completed = new HashMap<>(environment);
    completed.put(URL, postgres.databaseUrl());
    PgSettings settings = settings(completed);
    Migrations.run(settings);
    return settings;
  }

  private static PgSettings settings(Map<String, String> environment) {
    Env env = new Env(environment);
    PgSettings settings = PgSettings.from(env);
    env.check();
    return settings;
  }

  private static void finish(Future<Void> closing) {
    try {
      closing.await(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // the process ends anyway
    }
  }
}
