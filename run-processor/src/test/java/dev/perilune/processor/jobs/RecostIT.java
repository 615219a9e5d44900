package dev.perilune.processor.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.processor.store.JobSql;
import dev.perilune.processor.store.JobSql.Job;
import dev.perilune.processor.store.Transactions;
import dev.perilune.testkit.Eventually;
import dev.perilune.testkit.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecostIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private JobTester tester;

  @BeforeEach
  void open() {
    tester = new JobTester(POSTGRES.settings());
  }

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void runsOfAllProjectsGetTodaysCostAndFiguresFollow() throws Exception {
    UUID price = tester.price("own", "TOKENS", "10", "0");
    UUID changed = tester.run(tester.project, "own", 5, 1000, "7");
    UUID unknown = tester.run(tester.second, "nobody-knows", 10, 1000, "7");
    UUID added = tester.run(tester.second, "gpt-4o", 20, 1000, null);
    UUID free = tester.run(tester.project, "own", 30, 0, "7");
    tester.startWorker();

    JsonObject job = tester.finished(tester.startJob(Recost.REFRESH));

    assertEquals("done", job.getString("status"));
    assertEquals(100.0, job.getDouble("progress"));
    assertNull(job.getString("error"));
    assertEquals("0.01", tester.costOf(changed));
    assertNull(tester.costOf(unknown));
    assertEquals("0.0025", tester.costOf(added));
    assertEquals("0", tester.costOf(free));
    assertEquals(
        price.toString(),
        tester.row("SELECT price_id FROM run WHERE id = $1", changed).getString("price_id"));
    assertTrue(tester.figuresAreExact(tester.project));
    assertTrue(tester.figuresAreExact(tester.second));
  }

  @Test
  void pricesByCharacterReadTheTextsUnlessTheyAreGone() throws Exception {
    tester.price("own", "CHARACTERS", "1000000", "100000");
    UUID run = tester.run(tester.project, "own", 5, 1000, null);
    UUID redacted = tester.run(tester.project, "own", 6, 1000, "3");
    tester.sql("UPDATE run SET is_deleted = true WHERE id = $1", redacted);
    tester.startWorker();

    tester.finished(tester.startJob(Recost.REFRESH));

    assertEquals("4.2", tester.costOf(run));
    assertEquals("3", tester.costOf(redacted));
  }

  @Test
  void previewTellsWhatWouldChangeByModelAndChangesNothing() throws Exception {
    tester.price("own", "TOKENS", "10", "0");
    UUID run = tester.run(tester.project, "own", 5, 1000, "7");
    tester.run(tester.project, "own", 6, 2000, null);
    tester.run(tester.second, "gone", 6, 2000, "0.5");
    tester.run(tester.second, "gpt-4o", 6, 1000, "0.0025");
    tester.startWorker();

    JsonObject report = tester.finished(tester.startJob(Recost.PREVIEW)).getJsonObject("payload");

    assertEquals(4, report.getInteger("runs"));
    assertEquals(3, report.getInteger("changed"));
    assertEquals(7.5, report.getDouble("costBefore"));
    assertEquals(0.03, report.getDouble("costAfter"));
    assertEquals(
        new JsonObject()
            .put("name", "own")
            .put("changed", 2)
            .put("costBefore", 7)
            .put("costAfter", 0.03),
        report.getJsonArray("models").getJsonObject(0));
    assertEquals("gone", report.getJsonArray("models").getJsonObject(1).getString("name"));
    assertEquals("7", tester.costOf(run));
  }

  @Test
  void anotherWorkerGoesOnWhereADeadOneWas() throws Exception {
    tester.price("own", "TOKENS", "10", "0");
    for (int i = 0; i < 5; i++) {
      tester.run(tester.project, "own", i, 1000, "7");
    }
    UUID id = tester.startJob(Recost.REFRESH);
    JobSql dead = new JobSql(UUID.randomUUID());
    try (Transactions transactions = new Transactions(tester.database, Duration.ofSeconds(10))) {
      Job job = transactions.run(tx -> dead.claim(tx, Duration.ZERO, Recost.REFRESH));
      Recost recost = transactions.run(tx -> new Recost(tx, dead, job, 2, Duration.ZERO));
      String state = transactions.run(tx -> recost.step(tx, null));
      assertEquals(2, costed());
      assertNotEquals(0.0, tester.job(id).getDouble("progress"));
      tester.sql("UPDATE job SET lease_until = now() WHERE id = $1", id);
      tester.startWorker();

      JsonObject job2 = tester.finished(id);

      assertEquals("done", job2.getString("status"));
      assertEquals(5, costed());
      assertEquals(5, job2.getJsonObject("payload").getInteger("changed"));
      assertEquals(5, job2.getJsonObject("payload").getInteger("runs"));
      assertTrue(tester.figuresAreExact(tester.project));
      // and the dead one, should it only have slept, can't touch anything any more
      tester.sql("UPDATE run SET cost = 7 WHERE project_id = $1", tester.project);
      assertThrows(JobLost.class, () -> transactions.run(tx -> recost.step(tx, state)));
      assertEquals(0, costed());
    }
  }

  @Test
  void priceThatChangesOnTheWayCountsForEveryRun() throws Exception {
    UUID price = tester.price("own", "TOKENS", "10", "0");
    for (int i = 0; i < 4; i++) {
      tester.run(tester.project, "own", i, 1000, "7");
    }
    UUID id = tester.startJob(Recost.REFRESH);
    JobSql jobs = new JobSql(UUID.randomUUID());
    try (Transactions transactions = new Transactions(tester.database, Duration.ofSeconds(10))) {
      Job job = transactions.run(tx -> jobs.claim(tx, Duration.ZERO, Recost.REFRESH));
      Recost recost = transactions.run(tx -> new Recost(tx, jobs, job, 2, Duration.ZERO));
      String state = transactions.run(tx -> recost.step(tx, null));
      tester.sql("UPDATE model_mapping SET input_cost = 20 WHERE id = $1", price);
      while (state != null) {
        String from = state;
        state = transactions.run(tx -> recost.step(tx, from));
      }
      tester.startWorker();
      assertEquals("done", tester.finished(id).getString("status"));
    }

    assertEquals(
        0,
        new BigDecimal("0.08")
            .compareTo(
                new BigDecimal(
                    tester
                        .row(
                            "SELECT sum(cost)::text AS s FROM run WHERE project_id = $1",
                            tester.project)
                        .getString("s"))));
    assertTrue(tester.figuresAreExact(tester.project));
  }

  @Test
  void deletedJobEndsAtItsNextStep() throws Exception {
    tester.price("own", "TOKENS", "10", "0");
    for (int i = 0; i < 4; i++) {
      tester.run(tester.project, "own", i, 1000, "7");
    }
    UUID id = tester.startJob(Recost.REFRESH);
    JobSql jobs = new JobSql(UUID.randomUUID());
    try (Transactions transactions = new Transactions(tester.database, Duration.ofSeconds(10))) {
      Job job = transactions.run(tx -> jobs.claim(tx, Duration.ZERO, Recost.REFRESH));
      Recost recost = transactions.run(tx -> new Recost(tx, jobs, job, 2, Duration.ZERO));
      String state = transactions.run(tx -> recost.step(tx, null));
      tester.sql("DELETE FROM job WHERE id = $1", id);

      assertThrows(JobLost.class, () -> transactions.run(tx -> recost.step(tx, state)));

      assertEquals(2, costed());
      assertTrue(tester.figuresAreExact(tester.project));
    }
  }

  @Test
  void jobThatNobodyCanFinishFails() throws Exception {
    UUID id = tester.startJob(Recost.REFRESH);
    tester.sql(
        "UPDATE job SET status = 'running', attempts = 3, lease_until = now() WHERE id = $1", id);
    tester.startWorker();

    JsonObject job = tester.finished(id);

    assertEquals("failed", job.getString("status"));
    assertEquals("Given up after 3 attempts", job.getString("error"));
  }

  @Test
  void deletedProjectIsPurgedFromEveryTableThatKnowsIt() throws Exception {
    UUID run = tester.run(tester.project, "own", 5, 1000, "7");
    UUID kept = tester.run(tester.second, "own", 5, 1000, "7");
    // a table that this code has never heard of
    tester.sql("CREATE TABLE IF NOT EXISTS news (project_id uuid NOT NULL, what text)");
    tester.sql("INSERT INTO news VALUES ($1, 'gone'), ($2, 'kept')", tester.project, tester.second);
    tester.sql(
        "INSERT INTO run_score (project_id, run_id, label, value) VALUES ($1, $2, 'a', '1')",
        tester.project,
        run);
    tester.sql(
        "UPDATE project SET deleted_at = now() - interval '1 hour' WHERE id = $1", tester.project);
    tester.startWorker();

    Eventually.holds(
        "project gone",
        () -> tester.sql("SELECT FROM project WHERE id = $1", tester.project).size() == 0);

    for (String table : tables()) {
      String count = "SELECT FROM %s WHERE project_id = $1".formatted(table);
      assertEquals(0, tester.sql(count, tester.project).size(), table);
    }
    assertEquals(1, tester.sql("SELECT FROM news").size());
    assertEquals("7", tester.costOf(kept));
    assertTrue(tester.figuresAreExact(tester.second));
  }

  @Test
  void rowOfADeletedProjectStaysWhileItsKeysMayBeBelieved() throws Exception {
    tester.run(tester.project, "own", 5, 1000, "7");
    tester.sql("UPDATE project SET deleted_at = now() WHERE id = $1", tester.project);
    tester.startWorker();

    Eventually.holds(
        "runs gone",
        () -> tester.sql("SELECT FROM run WHERE project_id = $1", tester.project).size() == 0);
    UUID late = tester.run(tester.project, "own", 5, 1000, "7");
    Eventually.holds(
        "late run gone", () -> tester.sql("SELECT FROM run WHERE id = $1", late).size() == 0);

    assertEquals(1, tester.sql("SELECT FROM project WHERE id = $1", tester.project).size());
  }

  private java.util.List<String> tables() {
    java.util.List<String> tables = new java.util.ArrayList<>();
    tester
        .sql(
            """
            SELECT table_name FROM information_schema.columns
             WHERE column_name = 'project_id' AND table_schema = 'public'
               AND table_name <> 'audit_log'
            """)
        .forEach(row -> tables.add(row.getString("table_name")));
    assertTrue(tables.size() > 15, tables::toString);
    return tables;
  }

  /** Runs of the project at today's cost. */
  private int costed() {
    return tester
        .sql("SELECT FROM run WHERE project_id = $1 AND cost = 0.01", tester.project)
        .size();
  }
}
