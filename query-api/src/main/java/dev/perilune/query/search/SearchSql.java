package dev.perilune.query.search;

import dev.perilune.model.search.WordPage;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the search index. */
final class SearchSql {

  /** Runs of one row of search_run. */
  static final int PIECE_RUNS = 64;

  private static final String FOLDED =
      """
      SELECT folded(text) AS text FROM unnest($1::text[]) WITH ORDINALITY AS g(text, place)
       ORDER BY place
      """;

  private static final String QUEUED =
      """
      SELECT run_ids, starts
        FROM (SELECT run_ids, starts, sum(runs) OVER (ORDER BY id DESC) - runs AS after
                FROM search_queue WHERE project_id = $1) sized
       WHERE after < $2
      """;

  private static final String WAITING =
      "SELECT coalesce(sum(runs), 0) AS runs FROM search_queue WHERE project_id = $1";

  private static final String SEGMENTS =
      """
      SELECT id, runs, last_start FROM search_segment WHERE project_id = $1
       ORDER BY last_start DESC
      """;

  private static final String PAGES_OF_WORDS =
      """
      SELECT page.segment, page.words, page.runs
        FROM unnest($2::bigint[]) AS s(id)
       CROSS JOIN unnest($3::text[]) AS g(word)
       CROSS JOIN LATERAL (SELECT w.segment, w.words, w.runs
                             FROM search_word w
                            WHERE w.project_id = $1 AND w.segment = s.id
                              AND w.first <= g.word COLLATE "C"
                            ORDER BY w.first DESC
                            LIMIT 1) page
       WHERE strpos(page.words, E'\\n' || g.word || E'\\n') > 0
      """;

  private static final String PAGES_AT =
      """
      SELECT w.segment, w.words, w.runs
        FROM unnest($2::bigint[], $3::int[]) AS g(segment, page)
        JOIN search_word w
          ON w.project_id = $1 AND w.segment = g.segment AND w.page = g.page
      """;

  private static final String PAGES_WITH =
      """
      SELECT w.segment, w.words, w.runs
        FROM search_word w
       WHERE w.project_id = $1 AND w.segment = ANY ($2::bigint[]) AND (%s)
         AND w.first >= E'\\x02'
      """;

  private static final String RUNS =
      """
      SELECT r.segment, r.piece, r.run_ids, r.starts
        FROM unnest($2::bigint[], $3::int[]) AS g(segment, piece)
        JOIN search_run r
          ON r.project_id = $1 AND r.segment = g.segment AND r.piece = g.piece
      """;

  private static final String ENDS =
      """
      SELECT r.piece, (SELECT max(start) FROM unnest(r.starts) AS s (start)) AS last_start
        FROM search_run r
       WHERE r.project_id = $1 AND r.segment = $2 AND r.piece = ANY ($3::int[])
       ORDER BY last_start DESC
      """;

  private SearchSql() {}

  /** A part of the index, with the latest start of its runs. */
  record Segment(long id, int runs, OffsetDateTime lastStart) {}

  /** A page of words and the segment that it is of. */
  record Page(long segment, WordPage page) {}

  /** Where a row of search_run ends. */
  record End(int piece, OffsetDateTime lastStart) {}

  /** A row of search_run. */
  record Piece(long segment, int piece, UUID[] ids, OffsetDateTime[] starts) {}

  /** The latest start in each of these rows of search_run, the latest of all first. */
  static Future<List<End>> ends(
      SqlConnection connection, UUID project, long segment, Collection<Integer> pieces) {
    return connection
        .preparedQuery(ENDS)
        .execute(Tuple.of(project, segment).addArrayOfInteger(pieces.toArray(Integer[]::new)))
        .map(
            rows ->
                list(
                    rows,
                    row -> new End(row.getInteger("piece"), row.getOffsetDateTime("last_start"))));
  }

  /** The texts without regard to case, as the index has them. */
  static Future<List<String>> folded(SqlConnection connection, Collection<String> texts) {
    Tuple values = Tuple.tuple().addArrayOfString(texts.toArray(String[]::new));
    return connection
        .preparedQuery(FOLDED)
        .execute(values)
        .map(rows -> list(rows, row -> row.getString("text")));
  }

  /** Runs that are not indexed yet: about so many, the latest ones. */
  static Future<List<Candidate>> queued(SqlConnection connection, UUID project, int most) {
    return connection
        .preparedQuery(QUEUED)
        .execute(Tuple.of(project, most))
        .map(
            rows -> {
              List<Candidate> queued = new ArrayList<>();
              for (Row row : rows) {
                UUID[] ids = row.getArrayOfUUIDs("run_ids");
                OffsetDateTime[] starts = row.getArrayOfOffsetDateTimes("starts");
                for (int i = 0; i < ids.length; i++) {
                  queued.add(new Candidate(ids[i], starts[i]));
                }
              }
              return queued;
            });
  }

  /** How many runs are not indexed yet. */
  static Future<Long> waiting(SqlConnection connection, UUID project) {
    return connection
        .preparedQuery(WAITING)
        .execute(Tuple.of(project))
        .map(rows -> rows.iterator().next().getLong("runs"));
  }

  /** All segments, that with the latest run first. */
  static Future<List<Segment>> segments(SqlConnection connection, UUID project) {
    return connection
        .preparedQuery(SEGMENTS)
        .execute(Tuple.of(project))
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Segment(
                            row.getLong("id"),
                            row.getInteger("runs"),
                            row.getOffsetDateTime("last_start"))));
  }

  /** The page of each word in each segment, where the segment has the word. */
  static Future<List<Page>> pagesOfWords(
      SqlConnection connection, UUID project, List<Segment> segments, Collection<String> words) {
    if (words.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return pages(connection, PAGES_OF_WORDS, ids(project, segments).addArrayOfString(array(words)));
  }

  /** Pages by segment and number. */
  static Future<List<Page>> pagesAt(
      SqlConnection connection, UUID project, List<Long> segments, List<Integer> pages) {
    return segments.isEmpty()
        ? Future.succeededFuture(List.of())
        : pages(connection, PAGES_AT, places(project, segments, pages));
  }

  /** Pages with one of the patterns; reads the words of all pages of these segments. */
  static Future<List<Page>> pagesWith(
      SqlConnection connection, UUID project, List<Segment> segments, Collection<String> patterns) {
    if (patterns.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Tuple values = ids(project, segments);
    patterns.forEach(values::addString);
    String found =
        IntStream.range(3, 3 + patterns.size())
            .mapToObj(number -> "strpos(w.words, $" + number + ") > 0")
            .collect(Collectors.joining(" OR "));
    return pages(connection, PAGES_WITH.formatted(found), values);
  }

  /** Rows of search_run by segment and number of the row. */
  static Future<List<Piece>> pieces(
      SqlConnection connection, UUID project, List<Long> segments, List<Integer> pieces) {
    return connection
        .preparedQuery(RUNS)
        .execute(places(project, segments, pieces))
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Piece(
                            row.getLong("segment"),
                            row.getInteger("piece"),
                            row.getArrayOfUUIDs("run_ids"),
                            row.getArrayOfOffsetDateTimes("starts"))));
  }

  private static Future<List<Page>> pages(SqlConnection connection, String sql, Tuple values) {
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Page(
                            row.getLong("segment"),
                            new WordPage(
                                row.getString("words"), row.getBuffer("runs").getBytes()))));
  }

  private static Tuple places(UUID project, List<Long> segments, List<Integer> numbers) {
    return Tuple.of(project)
        .addArrayOfLong(segments.toArray(Long[]::new))
        .addArrayOfInteger(numbers.toArray(Integer[]::new));
  }

  private static Tuple ids(UUID project, List<Segment> segments) {
    return Tuple.of(project)
        .addArrayOfLong(segments.stream().map(Segment::id).toArray(Long[]::new));
  }

  private static String[] array(Collection<String> texts) {
    return texts.toArray(String[]::new);
  }

  private static <T> List<T> list(RowSet<Row> rows, java.util.function.Function<Row, T> value) {
    List<T> list = new ArrayList<>(rows.size());
    rows.forEach(row -> list.add(value.apply(row)));
    return list;
  }
}
