package dev.perilune.standalone.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.standalone.crash.Chapter.Seen;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the database has, asked without the product's help. */
final class Books {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_TRIES = 20;

  private static final String RUNS =
      """
      SELECT r.*, u.external_id, r.feedback ->> 'thumb' AS thumb, p.input, p.output
        FROM run r
        LEFT JOIN run_payload p
          ON p.project_id = r.project_id AND p.run_id = r.id AND p.created_at = r.created_at
        LEFT JOIN external_user u ON u.project_id = r.project_id AND u.id = r.external_user_id
      """;
  private static final String UNPAIRED =
      """
      SELECT count(*)
        FROM run r
        FULL JOIN run_payload p
          ON p.project_id = r.project_id AND p.run_id = r.id AND p.created_at = r.created_at
       WHERE r.id IS NULL OR p.run_id IS NULL
      """;
  private static final String DOUBLED =
      "SELECT count(*) FROM (SELECT FROM run GROUP BY project_id, id HAVING count(*) > 1) AS twice";
  private static final String FIGURES =
      """
      SELECT to_jsonb(t)::text
        FROM (SELECT project_id, per, at, type, name, sum(runs) AS runs, sum(errors) AS errors,
                     sum(ended) AS ended, sum(micros) AS micros, sum(prompt_tokens) AS prompt,
                     sum(completion_tokens) AS completion, trim_scale(sum(cost)) AS cost,
                     sum(thumbs_up) AS up, sum(thumbs_down) AS down, sum(user_runs) AS of_users
                FROM rollup_run GROUP BY 1, 2, 3, 4, 5 HAVING sum(runs) <> 0) AS t
      UNION ALL
      SELECT to_jsonb(t)::text
        FROM (SELECT project_id, per, at, type, sum(histogram)
                FROM rollup_latency GROUP BY 1, 2, 3, 4 HAVING sum(histogram) <> 0) AS t
      UNION ALL
      SELECT to_jsonb(t)::text
        FROM (SELECT external_id, runs, prompt_tokens, completion_tokens, trim_scale(cost)
                FROM external_user) AS t
       ORDER BY 1
      """;
  private static final String REWIND =
      """
      WITH moved AS (
        UPDATE consumer_offset
           SET next_offset = GREATEST(0, next_offset - %d)
        RETURNING old.next_offset - new.next_offset AS back
      )
      SELECT coalesce(sum(back), 0) FROM moved
      """;

  private final PgSettings database;

  Books(PgSettings database) {
    this.database = database;
  }

  PgSettings database() {
    return database;
  }

  /** A run's id and all else about it. */
  record Row(UUID id, RunFacts facts) {}

  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  List<Row> runs() throws SQLException {
    return list(RUNS, row -> new Row(uuid(row, "id"), facts(row)));
  }

  Map<String, Seen> users() throws SQLException {
    Map<String, Seen> users = new HashMap<>();
    list(
            "SELECT external_id, created_at, last_seen FROM external_user",
            row -> Map.entry(row.getString(1), new Seen(instant(row, 2), instant(row, 3))))
        .forEach(user -> users.put(user.getKey(), user.getValue()));
    return users;
  }

  Map<UUID, UUID> aliases() throws SQLException {
    Map<UUID, UUID> aliases = new HashMap<>();
    list(
            "SELECT id, run_id FROM run_alias WHERE run_id IS NOT NULL",
            row -> Map.entry(uuid(row, "id"), uuid(row, "run_id")))
        .forEach(alias -> aliases.put(alias.getKey(), alias.getValue()));
    return aliases;
  }

  long deadLetters() throws SQLException {
    return number("SELECT count(*) FROM dead_letter").longValueExact();
  }

  /** Runs without their wide part, and wide parts without a run. */
  long unpaired() throws SQLException {
    return number(UNPAIRED).longValueExact();
  }

  /** Ids that more than one row has. */
  long doubled() throws SQLException {
    return number(DOUBLED).longValueExact();
  }

  /** Children that still wait for a parent. */
  long orphans() throws SQLException {
    return number("SELECT count(*) FROM run_orphan").longValueExact();
  }

  long tokens() throws SQLException {
    return number("SELECT coalesce(sum(prompt_tokens + completion_tokens), 0) FROM run")
        .longValueExact();
  }

  BigDecimal costUsd() throws SQLException {
    return number("SELECT coalesce(sum(cost), 0) FROM run").stripTrailingZeros();
  }

  /** What charts and the list of users read. */
  List<String> figures() throws SQLException {
    return list(FIGURES, row -> row.getString(1));
  }

  long records() throws SQLException {
    return number("SELECT coalesce(sum(reached), 0) FROM consumer_offset").longValueExact();
  }

  /** Sets every partition back by this many records; returns how many come again in all. */
  long rewind(int records) throws SQLException {
    // a processor's transaction may get in the way
    for (int tries = 1; ; tries++) {
      try {
        return number(REWIND.formatted(records)).longValueExact();
      } catch (SQLException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private BigDecimal number(String sql) throws SQLException {
    return list(sql, row -> row.getBigDecimal(1)).get(0);
  }

  private <T> List<T> list(String sql, Reading<T> reading) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(reading.of(rows));
      }
      return found;
    }
  }

  private static RunFacts facts(ResultSet row) throws SQLException {
    return new RunFacts(
        row.getString("type"),
        row.getString("status"),
        uuid(row, "parent_run_id"),
        row.getString("parent_type"),
        uuid(row, "sibling_run_id"),
        row.getString("external_id"),
        row.getObject("prompt_tokens", Integer.class),
        row.getObject("completion_tokens", Integer.class),
        row.getBigDecimal("cost"),
        row.getString("thumb"),
        said(row.getString("input")),
        said(row.getString("output")));
  }

  private static java.time.Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  private static @Nullable String said(@Nullable String json) {
    try {
      return json == null ? null : said(JSON.readTree(json));
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }

  private static String said(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
            .map(Books::said)
            .collect(Collectors.joining("|"))
        : node.isObject() ? node.path("content").asText() : node.asText();
  }
}
