package dev.perilune.processor.store;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs for one worker. A job belongs to whoever holds its lease; every change checks that in its
 * own transaction, so a worker that was thought dead can't go on beside its successor.
 *
 * @param worker who claims and steps
 */
public record JobSql(UUID worker) {
  private static final int MOST_ATTEMPTS = 3;
  private static final int LEASE_SECONDS = 30;

  // a pending job waits until every processor has the prices that its starter sees
  private static final String CLAIM =
      """
      WITH next AS (
        SELECT id, attempts >= $3 AS hopeless
          FROM job
         WHERE type = ANY ($2)
           AND (status = 'pending' AND created_at <= now() - make_interval(secs => $5)
                OR status = 'running' AND lease_until < now())
         ORDER BY created_at
         LIMIT 1
           FOR UPDATE SKIP LOCKED)
      UPDATE job AS j
         SET status = CASE WHEN n.hopeless THEN 'failed' ELSE 'running' END,
             error = CASE WHEN n.hopeless THEN 'Given up after ' || $3 || ' attempts' END,
             ended_at = CASE WHEN n.hopeless THEN now() END,
             attempts = j.attempts + 1, lease_owner = $1,
             lease_until = now() + make_interval(secs => $4)
        FROM next AS n
       WHERE j.id = n.id
      RETURNING j.id, j.org_id, j.type, j.state, n.hopeless
      """;

  private static final String STEP =
      """
      UPDATE job
         SET progress = $3, state = $4, attempts = 0,
             lease_until = now() + make_interval(secs => $5)
       WHERE id = $1 AND lease_owner = $2 AND status = 'running'
      """;

  private static final String POSTPONE =
      """
      UPDATE job
         SET progress = $3, state = $4, attempts = 0, lease_owner = NULL,
             lease_until = now() + make_interval(secs => $5)
       WHERE id = $1 AND lease_owner = $2 AND status = 'running'
      """;

  private static final String DONE =
      """
      UPDATE job
         SET status = 'done', progress = 100, payload = $3::text::json, state = NULL,
             lease_owner = NULL, ended_at = now()
       WHERE id = $1 AND lease_owner = $2 AND status = 'running'
      """;

  private static final String FAILED =
      """
      UPDATE job
         SET status = 'failed', error = $3, lease_owner = NULL, ended_at = now()
       WHERE id = $1 AND lease_owner = $2 AND status = 'running'
      """;

  private static final String RELEASE =
      """
      UPDATE job
         SET lease_until = now(), attempts = 0
       WHERE id = $1 AND lease_owner = $2 AND status = 'running'
      """;

  /**
   * A job that this worker holds.
   *
   * @param state where to go on, as the last step left it; null at the start
   */
  public record Job(UUID id, UUID org, String type, @Nullable String state) {}

  /** Takes the oldest job of these types that nobody works at, or null. */
  public @Nullable Job claim(Tx tx, Duration minimumAge, String... types) {
    Tuple values =
        Tuple.of(worker)
            .addArrayOfString(types)
            .addInteger(MOST_ATTEMPTS)
            .addDouble((double) LEASE_SECONDS)
            .addDouble(minimumAge.toMillis() / 1000.0);
    Iterator<Row> rows = tx.run(CLAIM, values).iterator();
    if (!rows.hasNext()) {
      return null;
    }
    Row row = rows.next();
    return row.getBoolean("hopeless")
        ? null
        : new Job(
            row.getUUID("id"),
            row.getUUID("org_id"),
            row.getString("type"),
            row.getString("state"));
  }

  /** Notes how far a job is; false when it was deleted or is another worker's by now. */
  public boolean step(Tx tx, Job job, double progress, String state) {
    Tuple values = Tuple.of(job.id(), worker, progress, state, (double) LEASE_SECONDS);
    return tx.run(STEP, values).rowCount() == 1;
  }

  /** Notes how far a job is and gives it up: the next worker goes on after that time. */
  public boolean postpone(Tx tx, Job job, double progress, String state, Duration time) {
    Tuple values = Tuple.of(job.id(), worker, progress, state, time.toMillis() / 1000.0);
    return tx.run(POSTPONE, values).rowCount() == 1;
  }

  /** Ends a job well; false as for a step. */
  public boolean done(Tx tx, Job job, String payload) {
    return tx.run(DONE, Tuple.of(job.id(), worker, payload)).rowCount() == 1;
  }

  /** Ends a job with what people may read about it. */
  public boolean failed(Tx tx, Job job, String error) {
    return tx.run(FAILED, Tuple.of(job.id(), worker, error)).rowCount() == 1;
  }

  /** Lets another worker go on at once. */
  public boolean release(Tx tx, Job job) {
    return tx.run(RELEASE, Tuple.of(job.id(), worker)).rowCount() == 1;
  }
}
