package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.search.WordPage;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The segments of the search index. */
public final class SegmentSql {
  /** Runs of one row of search_run; a search finds the row of a run's number by it. */
  private static final int PIECE_RUNS = 64;

  private static final int PAGES_AT_ONCE = 2000;

  private static final String ADD =
      """
      INSERT INTO search_segment (project_id, runs, last_start) VALUES ($1, $2, $3) RETURNING id
      """;

  private static final String ADD_RUNS =
      """
      INSERT INTO search_run (project_id, segment, piece, run_ids, starts)
      SELECT $1, $2, (place - 1) / %d, array_agg(id ORDER BY place), array_agg(start ORDER BY place)
        FROM unnest($3::uuid[], $4::timestamptz[]) WITH ORDINALITY AS g(id, start, place)
       GROUP BY 3
      """
          .formatted(PIECE_RUNS);

  private static final String ADD_PAGES =
      """
      INSERT INTO search_word (project_id, segment, page, first, words, runs)
      SELECT $1, $2, $6 + place - 1, first, words, runs
        FROM unnest($3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
             AS g(first, words, runs, place)
      """;

  private static final String SEGMENTS =
      "SELECT id, runs FROM search_segment WHERE project_id = $1 ORDER BY id";

  private static final String RUNS =
      """
      SELECT run_ids, starts FROM search_run WHERE project_id = $1 AND segment = $2 ORDER BY piece
      """;

  private static final String PAGES =
      """
      SELECT words, runs FROM search_word
       WHERE project_id = $1 AND segment = $2 AND page >= $3
       ORDER BY page LIMIT %d
      """
          .formatted(PAGES_AT_ONCE);

  // the words and runs go with it
  private static final String DELETE =
      "DELETE FROM search_segment WHERE project_id = $1 AND id = ANY ($2::bigint[])";

  private static final String FORGOTTEN_PROJECTS =
      "SELECT DISTINCT project_id FROM search_forgotten";

  private static final String TAKE_FORGOTTEN =
      "DELETE FROM search_forgotten WHERE project_id = $1 RETURNING run_id";

  private static final String HOLDING =
      """
      SELECT DISTINCT segment FROM search_run WHERE project_id = $1 AND run_ids && $2::uuid[]
       ORDER BY segment
      """;

  private SegmentSql() {}

  /** A segment and how many runs it has. */
  public record Segment(long id, int runs) {}

  /** A run of a segment. */
  public record Place(UUID id, OffsetDateTime start) {}

  /** Adds a segment; {@code runs} by their numbers, not empty. */
  public static void add(Tx tx, ProjectId project, List<Place> runs, List<WordPage> pages) {
    OffsetDateTime last = runs.stream().map(Place::start).max(OffsetDateTime::compareTo).get();
    Tuple values = Tuple.of(project.value(), runs.size(), last);
    long segment = tx.run(ADD, values).iterator().next().getLong("id");
    tx.run(
        ADD_RUNS,
        Tuple.of(project.value(), segment)
            .addArrayOfUUID(runs.stream().map(Place::id).toArray(UUID[]::new))
            .addArrayOfOffsetDateTime(
                runs.stream().map(Place::start).toArray(OffsetDateTime[]::new)));
    for (int from = 0; from < pages.size(); from += PAGES_AT_ONCE) {
      List<WordPage> some = pages.subList(from, Math.min(pages.size(), from + PAGES_AT_ONCE));
      tx.run(
          ADD_PAGES,
          Tuple.of(project.value(), segment)
              .addArrayOfString(some.stream().map(WordPage::first).toArray(String[]::new))
              .addArrayOfString(some.stream().map(WordPage::words).toArray(String[]::new))
              .addArrayOfBuffer(
                  some.stream().map(page -> Buffer.buffer(page.runs())).toArray(Buffer[]::new))
              .addInteger(from));
    }
  }

  /** All segments, in the order in which they were made. */
  public static List<Segment> segments(Tx tx, ProjectId project) {
    List<Segment> segments = new ArrayList<>();
    tx.run(SEGMENTS, Tuple.of(project.value()))
        .forEach(row -> segments.add(new Segment(row.getLong("id"), row.getInteger("runs"))));
    return segments;
  }

  /** The runs of a segment by their numbers. */
  public static List<Place> runs(Tx tx, ProjectId project, long segment) {
    List<Place> runs = new ArrayList<>();
    for (Row row : tx.run(RUNS, Tuple.of(project.value(), segment))) {
      UUID[] ids = row.getArrayOfUUIDs("run_ids");
      OffsetDateTime[] starts = row.getArrayOfOffsetDateTimes("starts");
      for (int i = 0; i < ids.length; i++) {
        runs.add(new Place(ids[i], starts[i]));
      }
    }
    return runs;
  }

  /** Some pages of a segment from that number on; none after the last. */
  public static List<WordPage> pages(Tx tx, ProjectId project, long segment, int from) {
    List<WordPage> pages = new ArrayList<>();
    tx.run(PAGES, Tuple.of(project.value(), segment, from))
        .forEach(
            row ->
                pages.add(new WordPage(row.getString("words"), row.getBuffer("runs").getBytes())));
    return pages;
  }

  public static void delete(Tx tx, ProjectId project, List<Long> segments) {
    tx.run(DELETE, Tuple.of(project.value()).addArrayOfLong(segments.toArray(Long[]::new)));
  }

  /** Projects with runs to forget. */
  public static List<ProjectId> forgetful(Tx tx) {
    List<ProjectId> projects = new ArrayList<>();
    tx.run(FORGOTTEN_PROJECTS, Tuple.tuple())
        .forEach(row -> projects.add(new ProjectId(row.getUUID("project_id"))));
    return projects;
  }

  /** Takes the runs to forget off their list. */
  public static List<UUID> takeForgotten(Tx tx, ProjectId project) {
    List<UUID> ids = new ArrayList<>();
    tx.run(TAKE_FORGOTTEN, Tuple.of(project.value()))
        .forEach(row -> ids.add(row.getUUID("run_id")));
    return ids;
  }

  /** Segments with one of these runs. */
  public static List<Long> holding(Tx tx, ProjectId project, List<UUID> ids) {
    List<Long> segments = new ArrayList<>();
    tx.run(HOLDING, Tuple.of(project.value()).addArrayOfUUID(ids.toArray(UUID[]::new)))
        .forEach(row -> segments.add(row.getLong("segment")));
    return segments;
  }
}
