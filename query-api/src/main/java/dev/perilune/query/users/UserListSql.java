package dev.perilune.query.users;

import dev.perilune.query.analytics.days.UserSums.Sum;
import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterSql;
import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Function;

/** Reads pages of users, with what they cost. */
final class UserListSql {

  private static final String MATCHING =
      """
       WHERE u.project_id = $1 AND %s
         AND ($2::text IS NULL OR strpos(folded(u.external_id), folded($2)) > 0
              OR strpos(folded(u.props ->> 'email'), folded($2)) > 0
              OR strpos(folded(u.props ->> 'name'), folded($2)) > 0)
      """;

  private static final String COUNT = "SELECT count(*) AS users FROM external_user u\n" + MATCHING;

  // the page is cut out first: building the JSON of every user is most of the work
  private static final String PAGE =
      """
      SELECT json_build_object(
               'id', id, 'createdAt', shown_time(created_at), 'externalId', external_id,
               'lastSeen', shown_time(last_seen), 'props', props, 'cost', trim_scale(cost),
               'runs', runs)::text AS json
        FROM (SELECT * FROM (
        SELECT u.id, u.created_at, u.external_id, u.last_seen, u.props, %s
      """;

  // kept with the user by whoever writes runs
  private static final String OF_ALL_RUNS =
      """
      u.runs, CASE WHEN u.runs > 0 THEN u.cost END AS cost
          FROM external_user u
      """;

  private static final String OF_SOME_RUNS =
      """
      coalesce(c.runs, 0) AS runs, c.cost
          FROM external_user u
          LEFT JOIN (%s) AS c ON c.id = u.id
      """;

  private static final String OF_SOME_USERS =
      """
      c.runs, c.cost
          FROM external_user u
          JOIN (%s) AS c ON c.id = u.id
      """;

  private static final String SUMMED =
      """
      SELECT id, runs, cost::numeric AS cost
        FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (id, runs, cost)
      """;

  private static final String FILTERED =
      """
      SELECT r.external_user_id AS id, count(*) AS runs, coalesce(sum(r.cost), 0) AS cost
        FROM run r
       WHERE r.project_id = $1 AND NOT r.is_deleted AND r.external_user_id IS NOT NULL
         AND ($5::timestamptz IS NULL OR r.created_at >= $5)
         AND ($6::timestamptz IS NULL OR r.created_at < $6)
         AND %s
       GROUP BY r.external_user_id
      """;

  // the window decides which weeks and which index are right
  static final String PLAN_FOR_VALUES =
      "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'";

  private static final String ORDER =
      """
      ) AS listed
       ORDER BY %1$s %2$s NULLS LAST, id %2$s
       LIMIT $3 OFFSET $4) AS page
       ORDER BY %1$s %2$s NULLS LAST, id %2$s
      """;

  private static final Comparator<Sum> DEAREST_FIRST =
      Comparator.comparing(Sum::cost).thenComparing(Sum::user).reversed();

  private final Database database;
  private final Duration limit;
  private final SpentSql spent;

  /**
   * @param limit how long one statement may take
   */
  UserListSql(Database database, Duration limit, SpentSql spent) {
    this.database = database;
    this.limit = limit;
    this.spent = spent;
  }

  /**
   * One page of users and how many there are on all pages, from one state of the data. Costs that
   * come from memory are of that state too, as {@link
   * dev.perilune.query.analytics.days.UserDaysSql} tells.
   */
  Future<Buffer> page(UUID project, UserListQuery query) {
    return database.inSnapshot(
        limit,
        connection -> {
          var total = total(connection, project, query);
          var page = users(connection, project, query);
          return Future.all(total, page)
              .map(
                  both ->
                      Buffer.buffer("{\"total\":" + total.result())
                          .appendString(",\"page\":" + query.page())
                          .appendString(",\"limit\":" + query.limit() + ",\"data\":")
                          .appendBuffer(UserSql.list(page.result()))
                          .appendString("}"));
        });
  }

  private static Future<Long> total(SqlConnection connection, UUID project, UserListQuery query) {
    FilterSql users = FilterSql.ofUsers(query.users(), 3);
    Tuple values = Tuple.of(project, query.search());
    users.arguments().forEach(values::addValue);
    return connection
        .preparedQuery(COUNT.formatted(users.sql()))
        .execute(values)
        .map(rows -> rows.iterator().next().getLong("users"));
  }

  private Future<RowSet<Row>> users(SqlConnection connection, UUID project, UserListQuery query) {
    if (query.isOfAllRuns()) {
      return users(connection, project, query, values -> OF_ALL_RUNS);
    }
    var planned = connection.query(PLAN_FOR_VALUES).execute();
    Window window = query.window();
    Future<RowSet<Row>> users;
    if (window == null || !query.runs().filters().isEmpty()) {
      users = users(connection, project, query, values -> filtered(values, query));
    } else {
      Instant now = Instant.now();
      users =
          spent
              .sums(connection, project, window, now)
              .compose(sums -> users(connection, project, query, window, now, sums));
    }
    return planned.compose(set -> users);
  }

  private static Future<RowSet<Row>> users(
      SqlConnection connection,
      UUID project,
      UserListQuery query,
      Window window,
      Instant now,
      Optional<List<Sum>> sums) {
    if (sums.isEmpty()) {
      return users(
          connection,
          project,
          query,
          values -> OF_SOME_RUNS.formatted(SpentSql.kept(values, window, now)));
    }
    List<Sum> all = sums.get();
    Function<Tuple, String> ofAll = values -> OF_SOME_RUNS.formatted(summed(values, all));
    long upToPage = query.offset() + query.limit();
    if (!query.isByCostOnly() || upToPage > all.size()) {
      return users(connection, project, query, ofAll);
    }
    List<Sum> first = first(all, query.descending(), (int) upToPage);
    return users(
            connection, project, query, values -> OF_SOME_USERS.formatted(summed(values, first)))
        .compose(
            rows ->
                // somebody who was deleted has runs still
                rows.size() < query.limit()
                    ? users(connection, project, query, ofAll)
                    : Future.succeededFuture(rows));
  }

  private static Future<RowSet<Row>> users(
      SqlConnection connection, UUID project, UserListQuery query, Function<Tuple, String> costs) {
    Tuple values = Tuple.of(project, query.search(), query.limit(), query.offset());
    String cost = costs.apply(values);
    FilterSql users = FilterSql.ofUsers(query.users(), values.size() + 1);
    users.arguments().forEach(values::addValue);
    String sql =
        PAGE.formatted(cost)
            + MATCHING.formatted(users.sql())
            + ORDER.formatted(query.orderBy(), query.descending() ? "DESC" : "ASC");
    return connection.preparedQuery(sql).execute(values);
  }

  private static String filtered(Tuple values, UserListQuery query) {
    Window window = query.window();
    values
        .addOffsetDateTime(window == null ? null : window.from().atOffset(ZoneOffset.UTC))
        .addOffsetDateTime(window == null ? null : window.to().atOffset(ZoneOffset.UTC));
    FilterSql runs = FilterSql.of(query.runs(), values.size() + 1);
    runs.arguments().forEach(values::addValue);
    return OF_SOME_RUNS.formatted(FILTERED.formatted(runs.sql()));
  }

  private static String summed(Tuple values, List<Sum> sums) {
    values
        .addArrayOfLong(sums.stream().map(Sum::user).toArray(Long[]::new))
        .addArrayOfLong(sums.stream().map(Sum::runs).toArray(Long[]::new))
        .addArrayOfString(
            sums.stream().map(sum -> sum.cost().toPlainString()).toArray(String[]::new));
    int last = values.size();
    return SUMMED.formatted("$" + (last - 2), "$" + (last - 1), "$" + last);
  }

  /** Those who come first, as {@link #ORDER} sorts them; in no order. */
  private static List<Sum> first(List<Sum> sums, boolean dearest, int most) {
    Comparator<Sum> order = dearest ? DEAREST_FIRST : DEAREST_FIRST.reversed();
    PriorityQueue<Sum> first = new PriorityQueue<>(order.reversed());
    for (Sum sum : sums) {
      if (first.size() < most) {
        first.add(sum);
      } else if (most > 0 && order.compare(sum, first.element()) < 0) {
        first.remove();
        first.add(sum);
      }
    }
    return new ArrayList<>(first);
  }
}
