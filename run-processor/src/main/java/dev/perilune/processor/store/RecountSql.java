package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares figures with the runs that they are of, and mends them; a UTC day at a time. */
public final class RecountSql {
  private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1000;

  private static final String PROJECTS = "SELECT id FROM project ORDER BY created_at, id";

  private static final String PROJECT = "SELECT id FROM project WHERE id = $1";

  private static final String FIRST = "SELECT rollup_next_day($1, '-infinity') AS day";

  private static final String NEXT = "SELECT rollup_next_day($1, $2) AS day";

  private static final String DIFFERENCES = "SELECT * FROM rollup_differences($1, $2, $3, $4)";

  private static final String USERS =
      """
      SELECT 'total of user ' || d.user_id AS place, (to_jsonb(d) - 'user_id')::text AS off
        FROM external_user_off($1) d LIMIT $2
      """;

  private static final String MEND = "SELECT rollup_recount($1, $2, $3) AS mended";

  private static final String MEND_USERS = "SELECT external_user_recount($1) AS mended";

  private RecountSql() {}

  /** Figures that are off: where, and what the runs count for less what they say. */
  public record Difference(String place, String off) {}

  /** All projects, or the one if it is there. */
  public static List<ProjectId> projects(Tx tx, @Nullable ProjectId only) {
    List<ProjectId> projects = new ArrayList<>();
    (only == null ? tx.run(PROJECTS, Tuple.tuple()) : tx.run(PROJECT, Tuple.of(only.value())))
        .forEach(row -> projects.add(new ProjectId(row.getUUID("id"))));
    return projects;
  }

  /**
   * The first day with runs or figures after another.
   *
   * @param afterMicros where that day begins, microseconds since 1970; null for the first of all
   * @return where it begins; null when there is none
   */
  public static @Nullable Long nextDay(Tx tx, ProjectId project, @Nullable Long afterMicros) {
    Row row =
        (afterMicros == null
                ? tx.run(FIRST, Tuple.of(project.value()))
                : tx.run(NEXT, day(project, afterMicros + DAY_MICROS)))
            .iterator()
            .next();
    return row.getOffsetDateTime("day") == null
        ? null
        : Long.valueOf(Columns.microsOf(row.getOffsetDateTime("day")));
  }

  /** What is off on a day, at most so many of each kind. */
  public static List<Difference> differences(Tx tx, ProjectId project, long dayMicros, int most) {
    return read(tx, DIFFERENCES, range(project, dayMicros).addInteger(most));
  }

  /** Users whose totals are not the sum of their days, at most so many. */
  public static List<Difference> usersOff(Tx tx, ProjectId project, int most) {
    return read(tx, USERS, Tuple.of(project.value(), most));
  }

  /** Mends a day; returns how many figures were off. */
  public static long mend(Tx tx, ProjectId project, long dayMicros) {
    return mended(tx, MEND, range(project, dayMicros));
  }

  /** Mends the totals of users after their days; returns how many were off. */
  public static long mendUsers(Tx tx, ProjectId project) {
    return mended(tx, MEND_USERS, Tuple.of(project.value()));
  }

  private static long mended(Tx tx, String sql, Tuple values) {
    return tx.run(sql, values).iterator().next().getLong("mended");
  }

  private static List<Difference> read(Tx tx, String sql, Tuple values) {
    List<Difference> differences = new ArrayList<>();
    tx.run(sql, values)
        .forEach(
            row -> differences.add(new Difference(row.getString("place"), row.getString("off"))));
    return differences;
  }

  private static Tuple day(ProjectId project, long micros) {
    return Tuple.tuple().addUUID(project.value()).addOffsetDateTime(Columns.timeOf(micros));
  }

  private static Tuple range(ProjectId project, long dayMicros) {
    return day(project, dayMicros).addOffsetDateTime(Columns.timeOf(dayMicros + DAY_MICROS));
  }
}
