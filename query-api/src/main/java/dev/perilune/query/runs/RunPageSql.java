package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds which runs a list shows, without touching the wide table for any other run. */
public final class RunPageSql {

  /** Size of a run's texts; read from their headers, the texts stay where they are. */
  public static final String PAYLOAD_BYTES =
      """
      (SELECT coalesce(octet_length(p.input), 0) + coalesce(octet_length(p.output), 0)
              + coalesce(octet_length(p.error), 0) + coalesce(octet_length(p.params), 0)
         FROM run_payload p
        WHERE p.project_id = $1 AND p.run_id = page.id AND p.created_at = page.created_at
        LIMIT 1)\
      """;

  private static final String PAGE =
      """
      SELECT page.id, page.created_at, page.sort_value, %s AS payload_bytes
        FROM (%s) page
      """;

  // Ever longer stretches of time, from where the page begins. A stretch is looked at only when
  // those before it did not fill the page: otherwise each partition would be searched for its
  // first match, and what only occurs in the last days would cost all years before them.
  private static final String BY_START =
      """
      SELECT found.id, found.created_at, NULL::text AS sort_value
        FROM (%s) first (at)
       CROSS JOIN (VALUES (interval '0', interval '1 week'), ('1 week', '3 weeks'),
                          ('3 weeks', '7 weeks'), ('7 weeks', '15 weeks'),
                          ('15 weeks', '31 weeks'), ('31 weeks', '63 weeks'),
                          ('63 weeks', '127 weeks'), ('127 weeks', 'infinity')
             ) AS stretch (near, far)
       CROSS JOIN LATERAL (SELECT r.id, r.created_at
                             FROM run r
                            WHERE %s
                            ORDER BY %s
                            LIMIT $LIMIT::bigint + $SKIP::bigint) found
       LIMIT $LIMIT OFFSET $SKIP""";

  private static final String NEWER =
      "r.created_at <= first.at - stretch.near AND r.created_at > first.at - stretch.far";
  private static final String OLDER =
      "r.created_at >= first.at + stretch.near AND r.created_at < first.at + stretch.far";

  private static final String OUTERMOST =
      """
      SELECT r.created_at FROM run r WHERE r.project_id = $1
       ORDER BY r.created_at %1$s, r.id %1$s LIMIT 1\
      """;

  private static final String BY_VALUE =
      """
      SELECT r.id, r.created_at, (%s)::text AS sort_value
        FROM run r
       WHERE %s
       ORDER BY %s
       LIMIT $LIMIT OFFSET $SKIP""";

  private static final String NO_SORT =
      "SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off";
  private static final String SORT =
      "SET LOCAL enable_sort = on; SET LOCAL enable_incremental_sort = on";

  private static final String COUNT =
      """
      SELECT count(*)
        FROM run r
       WHERE %s
      """;

  private static final String VALUE_OF =
      """
      SELECT r.id, r.created_at, (%s)::text AS sort_value
        FROM run r
       WHERE %s AND r.id = $%d AND r.created_at = $%d
      """;

  private RunPageSql() {}

  /** A statement and the values of its arguments. */
  record Statement(String sql, Tuple values) {}

  /**
   * The runs of one page, in its order.
   *
   * @param after the end of the page before it; null for the beginning of the list
   * @param skip runs to leave out from there
   */
  static Future<RunPage> page(
      SqlConnection connection,
      RunMatchSql match,
      RunOrder order,
      @Nullable PageEnd after,
      long skip,
      int limit) {
    Statement page = statement(match, order, after, skip, limit);
    return planned(
            connection, order, walker -> walker.preparedQuery(page.sql()).execute(page.values()))
        .map(rows -> new RunPage(keys(rows), end(rows, order)));
  }

  /**
   * Runs a page's statement with the only kind of plan that is good for it. A plan is made once for
   * all values; the planner takes a stretch of unknown bounds for a few rows and would rather read
   * and sort them all, when it is millions.
   */
  static <T> Future<T> planned(
      SqlConnection connection, RunOrder order, Function<SqlConnection, Future<T>> statement) {
    if (!order.isByStart()) {
      return statement.apply(connection);
    }
    // sent together, one after the other
    Future<?> set = connection.query(NO_SORT).execute();
    Future<T> result = statement.apply(connection);
    Future<?> reset = connection.query(SORT).execute();
    return set.compose(done -> result).compose(rows -> reset.map(done -> rows));
  }

  /** The statement of one page. */
  static Statement statement(
      RunMatchSql match, RunOrder order, @Nullable PageEnd after, long skip, int limit) {
    Tuple values = match.values();
    String keys =
        order.isByStart()
            ? byStart(match, order, after, values)
            : byValue(match, order, after, values);
    values.addLong((long) limit).addLong(skip);
    String numbered =
        keys.replace("$LIMIT", "$" + (values.size() - 1)).replace("$SKIP", "$" + values.size());
    return new Statement(PAGE.formatted(PAYLOAD_BYTES, numbered), values);
  }

  /** How many runs match, whatever the page. */
  static Future<Long> count(SqlConnection connection, RunMatchSql match) {
    return connection
        .preparedQuery(COUNT.formatted(match.sql()))
        .execute(match.values())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Where that run stands in the list, if it is in it. */
  static Future<Optional<PageEnd>> place(
      SqlConnection connection, RunMatchSql match, RunOrder order, RunKey run) {
    Tuple values = match.values().addUUID(run.id()).addOffsetDateTime(run.createdAt());
    String sql = VALUE_OF.formatted(order.value(), match.sql(), values.size() - 1, values.size());
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows -> {
              Iterator<Row> row = rows.iterator();
              return row.hasNext() ? Optional.of(end(row.next(), order)) : Optional.empty();
            });
  }

  private static String byStart(
      RunMatchSql match, RunOrder order, @Nullable PageEnd after, Tuple values) {
    String first = OUTERMOST.formatted(order.descending() ? "DESC" : "ASC");
    String condition = match.sql() + " AND " + (order.descending() ? NEWER : OLDER);
    if (after != null) {
      condition += " AND " + after(order, after, values);
      first = "SELECT $" + (values.size() - 1) + "::timestamptz";
    }
    return BY_START.formatted(first, condition, order.sql());
  }

  private static String byValue(
      RunMatchSql match, RunOrder order, @Nullable PageEnd after, Tuple values) {
    String condition = match.sql();
    if (after != null) {
      condition += " AND " + after(order, after, values);
    }
    return BY_VALUE.formatted(order.value(), condition, order.sql());
  }

  private static String after(RunOrder order, PageEnd after, Tuple values) {
    if (order.isByStart()) {
      values.addOffsetDateTime(OffsetDateTime.parse(after.value()));
    } else {
      values.addString(after.value());
    }
    values.addUUID(after.id());
    return order.after(after.value() != null, "$" + (values.size() - 1), "$" + values.size());
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

  private static @Nullable PageEnd end(RowSet<Row> rows, RunOrder order) {
    PageEnd end = null;
    for (Row row : rows) {
      end = end(row, order);
    }
    return end;
  }

  private static PageEnd end(Row row, RunOrder order) {
    String value =
        order.isByStart()
            ? row.getOffsetDateTime("created_at").toString()
            : row.getString("sort_value");
    return new PageEnd(value, row.getUUID("id"));
  }
}
