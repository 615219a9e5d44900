package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Finds which runs a list shows, without touching the wide table for any other run. */
public final class RunPageSql {

  private static final String MATCHING =
      """
        FROM run r
       WHERE r.project_id = $1 AND NOT r.is_deleted AND %s
      """;

  private static final String CHILD_OF = "r.parent_run_id = ANY ($%d)";

  /** Size of a run's texts; read from their headers, the texts stay where they are. */
  public static final String PAYLOAD_BYTES =
      """
      (SELECT coalesce(octet_length(p.input), 0) + coalesce(octet_length(p.output), 0)
              + coalesce(octet_length(p.error), 0) + coalesce(octet_length(p.params), 0)
         FROM run_payload p
        WHERE p.project_id = $1 AND p.run_id = page.id AND p.created_at = page.created_at
        LIMIT 1)\
      """;

  private RunPageSql() {}

  /**
   * The runs of one page, in its order.
   *
   * @param parents ids of which one must be the run's declared parent; empty asks for any parent
   */
  static Future<List<RunKey>> page(
      SqlConnection connection, UUID project, RunListQuery query, List<UUID> parents) {
    Tuple values = values(project, query, parents);
    values.addInteger(query.limit()).addLong(query.offset());
    String sql =
        "SELECT page.id, page.created_at, %s AS payload_bytes\n".formatted(PAYLOAD_BYTES)
            + "  FROM (SELECT r.id, r.created_at\n"
            + matching(query, parents)
            + "         ORDER BY %s LIMIT $%d OFFSET $%d) page"
                .formatted(query.order().sql(), values.size() - 1, values.size());
    return connection.preparedQuery(sql).execute(values).map(RunPageSql::keys);
  }

  /** How many runs match, whatever the page. */
  static Future<Long> count(
      SqlConnection connection, UUID project, RunListQuery query, List<UUID> parents) {
    return connection
        .preparedQuery("SELECT count(*)\n" + matching(query, parents))
        .execute(values(project, query, parents))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** The runs of rows with {@code id}, {@code created_at} and {@code payload_bytes}. */
  public static List<RunKey> keys(RowSet<Row> rows) {
    List<RunKey> keys = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Long bytes = row.getLong("payload_bytes");
      keys.add(
          new RunKey(
              row.getUUID("id"), row.getOffsetDateTime("created_at"), bytes == null ? 0 : bytes));
    }
    return keys;
  }

  private static Tuple values(UUID project, RunListQuery query, List<UUID> parents) {
    Tuple values = Tuple.of(project);
    query.filter().arguments().forEach(values::addValue);
    return parents.isEmpty() ? values : values.addArrayOfUUID(parents.toArray(UUID[]::new));
  }

  private static String matching(RunListQuery query, List<UUID> parents) {
    int parentArgument = RunListQuery.FIRST_FILTER_ARGUMENT + query.filter().arguments().size();
    String filter = query.filter().sql();
    return MATCHING.formatted(
        parents.isEmpty() ? filter : filter + " AND " + CHILD_OF.formatted(parentArgument));
  }
}
