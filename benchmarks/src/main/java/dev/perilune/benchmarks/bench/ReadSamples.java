package dev.perilune.benchmarks.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What is stored, as far as questions need to know.
 *
 * @param runs ids of some runs, from all weeks
 * @param largestTrace the root that has the most descendants
 * @param bytesPerRun everything on disk, divided by the runs
 * @param bytesByTable the same by table with its indexes, largest first
 */
record ReadSamples(
    List<UUID> runs, UUID largestTrace, double bytesPerRun, Map<String, Double> bytesByTable) {

  private static final String RUNS =
      """
      SELECT id
        FROM run
       WHERE project_id = ? AND mod(('x' || right(id::text, 4))::bit(16)::int, 97) = 5
       ORDER BY right(id::text, 12)
       LIMIT ?
      """;

  private static final String LARGEST_TRACE =
      """
      SELECT parent_run_id
        FROM run
       WHERE project_id = ? AND parent_run_id IS NOT NULL
       GROUP BY parent_run_id
       ORDER BY count(*) DESC
       LIMIT 1
      """;

  private static final String BYTES =
      """
      SELECT coalesce(parent.relname, c.relname) AS name,
             sum(pg_total_relation_size(c.oid))::float / greatest(1, (SELECT count(*) FROM run))
        FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        LEFT JOIN pg_class parent ON parent.oid = i.inhparent
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       GROUP BY 1
      HAVING sum(pg_total_relation_size(c.oid)) > 1000000
       ORDER BY 2 DESC
      """;

  static boolean isEmpty(Connection connection) throws SQLException {
    return ids(connection, RUNS, 1).isEmpty();
  }

  static ReadSamples of(Connection connection, int ids) throws SQLException {
    Map<String, Double> bytes = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(BYTES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        bytes.put(rows.getString(1), rows.getDouble(2));
      }
    }
    return new ReadSamples(
        ids(connection, RUNS, ids),
        root(connection, ids(connection, LARGEST_TRACE, null).get(0)),
        bytes.values().stream().mapToDouble(Double::doubleValue).sum(),
        bytes);
  }

  private static UUID root(Connection connection, UUID run) throws SQLException {
    String parent =
        "SELECT parent_run_id FROM run WHERE project_id = ? AND id = '%s'".formatted(run);
    List<UUID> above = ids(connection, parent, null);
    return above.isEmpty() || above.get(0) == null ? run : root(connection, above.get(0));
  }

  private static List<UUID> ids(Connection connection, String sql, Integer limit)
      throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, Lab.PROJECT);
      if (limit != null) {
        statement.setInt(2, limit);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return ids;
  }
}
