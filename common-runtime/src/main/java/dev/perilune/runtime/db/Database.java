package dev.perilune.runtime.db;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.ops.Meter;
import dev.perilune.runtime.ops.Meters;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Postgres behind futures. Every method fails with {@link Problem.Unavailable} when the database is
 * away, starting, or has no connection to spare within two seconds, and with the client's own
 * exception when the statement is at fault; nobody needs to tell the two apart again.
 *
 * <p>Connections are made when first needed: opening never fails and needs no database.
 */
public final class Database {

  private static final int WAIT_SECONDS = 2;

  /** Requests that may wait for a connection; more are refused at once. */
  private static final int MAX_WAITING = 1000;

  private static final String QUERY_CANCELED = "57014";

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Pool pool;
  private final Meters meters;
  private final Timer queries;

  private Database(Vertx vertx, PgConnectOptions options, Pool pool, Meters meters) {
    this.vertx = vertx;
    this.options = options;
    this.pool = pool;
    this.meters = meters;
    this.queries = meters.timer(Meter.PG_QUERIES);
  }

  public static Database open(Vertx vertx, PgSettings settings, Meters meters) {
    PoolOptions pool =
        new PoolOptions()
            .setMaxSize(settings.poolSize())
            .setMaxWaitQueueSize(MAX_WAITING)
            .setConnectionTimeout(WAIT_SECONDS)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    PgConnectOptions options = PgOptions.of(settings);
    return new Database(
        vertx,
        options,
        PgBuilder.pool().with(pool).connectingTo(options).using(vertx).build(),
        meters);
  }

  public Future<RowSet<Row>> query(String sql, Tuple values) {
    return timed(() -> pool.preparedQuery(sql).execute(values));
  }

  /** The only row, or empty; a second row is a fault of the statement. */
  public Future<Optional<Row>> maybeOne(String sql, Tuple values) {
    return query(sql, values).map(Database::atMostOne);
  }

  /** The only row; none or a second one is a fault of the statement. */
  public Future<Row> one(String sql, Tuple values) {
    return maybeOne(sql, values)
        .map(row -> row.orElseThrow(() -> new IllegalStateException("No row from: " + sql)));
  }

  /** Runs the work in one transaction: committed when its future succeeds, else rolled back. */
  public <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
    return timed(() -> pool.withTransaction(work));
  }

  /**
   * Runs statements that read, all of them on the same state of the data. Neither the start of the
   * transaction nor its end is waited for: statements that the work sends at once take one turn.
   *
   * @param limit how long each statement may take
   * @return fails with {@link Problem.Unavailable} when a statement takes longer
   */
  public <T> Future<T> inSnapshot(Duration limit, Function<SqlConnection, Future<T>> work) {
    return timed(
        () ->
            pool.getConnection()
                .compose(connection -> inSnapshot(connection, limit, work))
                .recover(cause -> Future.failedFuture(tooLong(cause, limit))));
  }

  private static <T> Future<T> inSnapshot(
      SqlConnection connection, Duration limit, Function<SqlConnection, Future<T>> work) {
    // planning anew for each value costs more than running, the more the more partitions there are
    String begin =
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
            + " SET LOCAL plan_cache_mode = force_generic_plan;"
            + " SET LOCAL statement_timeout = "
            + limit.toMillis();
    var begun = connection.query(begin).execute();
    Future<T> done = Future.succeededFuture().compose(go -> work.apply(connection));
    // nothing was written, so how the transaction ends changes no answer
    done.onComplete(
        end -> connection.query("COMMIT").execute().onComplete(ended -> connection.close()));
    return begun.compose(set -> done);
  }

  /** Whether the database answers. */
  public Future<Boolean> isUp() {
    return query("SELECT 1", Tuple.tuple()).map(true).otherwise(false);
  }

  /** Opens a connection outside the pool, for a caller who decides when it ends and ends it. */
  public Future<SqlConnection> connect() {
    return PgConnection.connect(vertx, options).map(connection -> connection);
  }

  /** For what the methods above do not cover, such as cursors. */
  public Pool pool() {
    return pool;
  }

  public Future<Void> close() {
    return pool.close();
  }

  private <T> Future<T> timed(java.util.function.Supplier<Future<T>> statement) {
    long startedNanos = System.nanoTime();
    return statement
        .get()
        .recover(this::sorted)
        .onComplete(done -> queries.record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS));
  }

  private <T> Future<T> sorted(Throwable cause) {
    boolean outage = Outage.is(cause);
    if (!(cause instanceof Problem)) {
      meters.counter(Meter.PG_FAILURES, "kind", outage ? "outage" : "statement").increment();
    }
    return Future.failedFuture(
        outage ? new Problem.Unavailable("The database cannot be reached at the moment") : cause);
  }

  private static Throwable tooLong(Throwable cause, Duration limit) {
    return cause instanceof PgException refused && QUERY_CANCELED.equals(refused.getSqlState())
        ? new Problem.Unavailable(
            "The answer took longer than " + limit.toMillis() + " ms; ask for less at a time")
        : cause;
  }

  private static Optional<Row> atMostOne(RowSet<Row> rows) {
    Iterator<Row> row = rows.iterator();
    if (!row.hasNext()) {
      return Optional.empty();
    }
    Row only = row.next();
    if (row.hasNext()) {
      throw new IllegalStateException("Expected at most one row, got " + rows.size());
    }
    return Optional.of(only);
  }
}
