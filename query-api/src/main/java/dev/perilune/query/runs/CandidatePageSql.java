package dev.perilune.query.runs;

import dev.perilune.query.search.Candidate;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Pages and counts of a list as {@link RunPageSql} has them, of given runs alone. */
final class CandidatePageSql {

  // one look at each: the planner must not think of walking the list with them as a filter
  private static final String CANDIDATES =
      """
        FROM unnest($IDS::uuid[], $STARTS::timestamptz[]) AS candidate (id, start)
       CROSS JOIN LATERAL (SELECT *
                             FROM run
                            WHERE project_id = $1 AND id = candidate.id
                              AND created_at = candidate.start
                           OFFSET 0) r
       WHERE %s
      """;

  private static final String PAGE =
      """
      SELECT page.id, page.created_at, page.sort_value, %s AS payload_bytes
        FROM (SELECT r.id, r.created_at, (%s)::text AS sort_value
      %s
               ORDER BY %s LIMIT $%d OFFSET $%d) page
      """;

  private CandidatePageSql() {}

  /** The page of the candidates, which must be distinct. */
  static Future<RunPage> page(
      SqlConnection connection,
      RunMatchSql match,
      RunOrder order,
      @Nullable PageEnd after,
      long skip,
      int limit,
      List<Candidate> candidates) {
    Tuple values = match.values();
    String condition = match.sql();
    if (after != null) {
      condition += " AND " + RunPageSql.after(order, after, values);
    }
    String among = among(condition, values, candidates);
    values.addLong((long) limit).addLong(skip);
    String sql =
        PAGE.formatted(
            RunPageSql.PAYLOAD_BYTES,
            order.value(),
            among,
            order.sql(),
            values.size() - 1,
            values.size());
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(rows -> new RunPage(RunPageSql.keys(rows), RunPageSql.end(rows, order)));
  }

  /** How many of the candidates, which must be distinct, match. */
  static Future<Long> count(
      SqlConnection connection, RunMatchSql match, List<Candidate> candidates) {
    Tuple values = match.values();
    String sql = "SELECT count(*)\n" + among(match.sql(), values, candidates);
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static String among(String condition, Tuple values, List<Candidate> candidates) {
    values.addArrayOfUUID(candidates.stream().map(Candidate::id).toArray(UUID[]::new));
    values.addArrayOfOffsetDateTime(
        candidates.stream().map(Candidate::start).toArray(OffsetDateTime[]::new));
    return CANDIDATES
        .formatted(condition)
        .replace("$IDS", "$" + (values.size() - 1))
        .replace("$STARTS", "$" + values.size());
  }
}
