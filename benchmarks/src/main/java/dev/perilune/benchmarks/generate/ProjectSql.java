package dev.perilune.benchmarks.generate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Statements before and after the runs: their weeks, their users, the planner's figures. */
final class ProjectSql {
  private static final List<String> TABLES =
      List.of("run", "run_payload", "external_user", "run_alias", "thread_message");

  // a user is named after the seed, so the same plan a second time is refused
  private static final String ADD_USERS =
      """
      INSERT INTO external_user
             (project_id, external_id, created_at, last_seen, props, props_at, props_tie)
      SELECT ?, format('user-%s-%s', ?, n), ?, ?,
             jsonb_build_object('name', 'User ' || n, 'email', 'user' || n || '@example.com',
                                'plan', (ARRAY['free', 'team', 'business'])[1 + n % 3]),
             ?, n
        FROM generate_series(1, ?) AS n
      ON CONFLICT DO NOTHING
      RETURNING id
      """;

  private static final String SEEN =
      """
      UPDATE external_user u
         SET created_at = seen.first, last_seen = seen.last
        FROM (SELECT own_user_id AS id, min(created_at) AS first,
                     max(coalesce(ended_at, created_at)) AS last
                FROM run
               WHERE project_id = ? AND own_user_id IS NOT NULL
               GROUP BY own_user_id) seen
       WHERE u.project_id = ? AND u.id = seen.id
      """;

  private ProjectSql() {}

  /** The only project there is; null if there are none or several. */
  static @org.jspecify.annotations.Nullable UUID only(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM project LIMIT 2")) {
      UUID first = rows.next() ? rows.getObject(1, UUID.class) : null;
      return rows.next() ? null : first;
    }
  }

  /**
   * Makes the weekly tables.
   *
   * @throws IllegalStateException if the project does not exist
   */
  static void prepare(Connection connection, GeneratePlan plan) throws SQLException {
    try (PreparedStatement project =
        connection.prepareStatement("SELECT 1 FROM project WHERE id = ?")) {
      project.setObject(1, plan.project());
      if (!project.executeQuery().next()) {
        throw new IllegalStateException("There is no project " + plan.project());
      }
    }
    try (PreparedStatement weeks =
        connection.prepareStatement("SELECT make_run_partitions(?, ?)")) {
      weeks.setObject(1, plan.from().atOffset(ZoneOffset.UTC));
      weeks.setObject(2, plan.until().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
      weeks.execute();
    }
  }

  /**
   * Adds the users of the plan and returns their internal ids.
   *
   * @throws IllegalStateException if they are there already
   */
  static List<Long> addUsers(Connection connection, GeneratePlan plan) throws SQLException {
    try (PreparedStatement add = connection.prepareStatement(ADD_USERS)) {
      add.setObject(1, plan.project());
      add.setLong(2, plan.seed());
      add.setObject(3, plan.from().atOffset(ZoneOffset.UTC));
      add.setObject(4, plan.from().atOffset(ZoneOffset.UTC));
      add.setLong(5, Times.micros(plan.from()));
      add.setInt(6, plan.users());
      List<Long> ids = new ArrayList<>();
      try (ResultSet rows = add.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      if (ids.size() < plan.users()) {
        throw new IllegalStateException(
            "The project has runs that were made with seed " + plan.seed() + "; use another one");
      }
      return ids;
    }
  }

  /** Notes when users were seen, and has Postgres count what its planner needs to know. */
  static void finish(Connection connection, GeneratePlan plan) throws SQLException {
    try (PreparedStatement seen = connection.prepareStatement(SEEN)) {
      seen.setObject(1, plan.project());
      seen.setObject(2, plan.project());
      seen.executeUpdate();
    }
    connection.commit();
    connection.setAutoCommit(true);
    for (String table : TABLES) {
      try (Statement statement = connection.createStatement()) {
        // also marks pages as all visible, which lists over an index alone live from
        statement.execute("VACUUM ANALYZE " + table);
      }
    }
  }
}
