package dev.perilune.benchmarks.generate;

import dev.perilune.runtime.config.PgSettings;
import dev.perilune.standalone.RunningServers;
import dev.perilune.standalone.StartRefused;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills a project with runs, past Kafka and the processor. */
@Command(
    name = "generate",
    description = {
      "Fill a project with made-up runs, straight into the database.",
      "The database is DATABASE_URL, or that of the standalone on PERILUNE_DATA_DIR.",
      "Charts need ./perilune recount afterwards; a processor indexes the runs for search."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class GenerateCommand implements Runnable {

  @Option(names = "--runs", defaultValue = "1000000", description = "How many runs.")
  private long runs;

  @Option(names = "--days", defaultValue = "30", description = "Over how many days.")
  private int days;

  @Option(names = "--project", description = "Id of the project; the only one if not given.")
  private @Nullable UUID project;

  @Option(names = "--users", defaultValue = "10000", description = "How many people use it.")
  private int users;

  @Option(names = "--trace", defaultValue = "10000", description = "Runs of the largest trace.")
  private int largestTrace;

  @Option(names = "--seed", defaultValue = "1", description = "Same seed, same runs.")
  private long seed;

  @Option(names = "--until", description = "When the last hour ends (ISO 8601); now if not given.")
  private @Nullable Instant until;

  @Option(names = "--writers", defaultValue = "2", description = "Connections that write.")
  private int writers;

  private final Map<String, String> environment;
  private final PrintStream out;

  public GenerateCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Override
  public void run() {
    PgSettings database = PgSettings.of(RunningServers.databaseUrl(environment), writers);
    try {
      GeneratePlan plan = plan(database);
      out.printf(
          Locale.ROOT,
          "%,d runs of project %s, %s to %s%n",
          plan.runs(),
          plan.project(),
          plan.from(),
          plan.until());
      long begun = System.nanoTime();
      new Generator(database, plan, writers).run(written -> tell(written, begun));
      out.printf(Locale.ROOT, "Done in %.1f s%n", (System.nanoTime() - begun) / 1e9);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new StartRefused(e.getMessage());
    } catch (SQLException e) {
      throw new StartRefused("The database refuses: " + e.getMessage());
    } catch (ExecutionException e) {
      throw new StartRefused("Runs were not written: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private GeneratePlan plan(PgSettings database) throws SQLException {
    return new GeneratePlan(
        project == null ? onlyProject(database) : project,
        runs,
        days,
        (until == null ? Instant.now() : until).truncatedTo(ChronoUnit.HOURS),
        users,
        (int) Math.min(largestTrace, runs / 2),
        seed);
  }

  private static UUID onlyProject(PgSettings database) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      UUID only = ProjectSql.only(connection);
      if (only == null) {
        throw new StartRefused("There is not exactly one project; name one with --project.");
      }
      return only;
    }
  }

  private void tell(long written, long begunNanos) {
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    out.printf(
        Locale.ROOT, "  %,d of %,d, %,.0f/s%n", written, runs, written / Math.max(0.001, seconds));
  }
}
