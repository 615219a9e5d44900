package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.store.Payload.Part;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Runs that wait for the search index. */
public final class SearchQueueSql {
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int ERROR = 4;
  private static final int ALL = INPUT + OUTPUT + ERROR;

  /** Runs of one row when stored runs are queued. */
  private static final int ROW_RUNS = 4096;

  private static final String ADD =
      """
      INSERT INTO search_queue (project_id, run_ids, starts, parts, runs)
      SELECT project_id, array_agg(id), array_agg(start), array_agg(parts::smallint), count(*)
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[])
             AS g(project_id, id, start, parts)
       GROUP BY project_id
      """;

  private static final String ADD_STORED =
      """
      INSERT INTO search_queue (project_id, run_ids, starts, parts, runs)
      SELECT $1, array_agg(id), array_agg(created_at), array_agg(%d::smallint), count(*)
        FROM (SELECT id, created_at,
                     (row_number() OVER (ORDER BY created_at, id) - 1) / %d AS piece
                FROM run WHERE project_id = $1) numbered
       GROUP BY piece
       ORDER BY piece
      """
          .formatted(ALL, ROW_RUNS);

  private static final String WAITING =
      "SELECT project_id, sum(runs) AS runs FROM search_queue GROUP BY project_id";

  // the lock keeps two indexers from the same project; both would merge its segments
  private static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('perilune.search.' || $1::uuid, 0)) AS mine";

  private static final String TAKE =
      """
      DELETE FROM search_queue q
       USING (SELECT id, sum(runs) OVER (ORDER BY id) - runs AS before
                FROM search_queue WHERE project_id = $1) sized
       WHERE q.project_id = $1 AND q.id = sized.id AND sized.before < $2
      RETURNING q.id, q.run_ids, q.starts, q.parts
      """;

  private static final String SIZES =
      """
      SELECT g.place, octet_length(p.input) AS input, octet_length(p.output) AS output,
             octet_length(p.error) AS error
        FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS g(id, start, place)
        JOIN run_payload p ON p.project_id = $1 AND p.run_id = g.id AND p.created_at = g.start
      """;

  /** So many runs whose texts fit are read at once; together they are no more than 8 MiB. */
  private static final int SMALL_RUNS = 512;

  private static final int SMALL_BYTES = 16_384;

  // Nearly all runs are small, and so need not be asked for their size first. In no order, like the
  // texts below: sorting would write them to disk.
  private static final String SMALL_TEXTS =
      """
      SELECT g.place, size.fits, CASE WHEN size.fits AND g.parts & 1 > 0 THEN p.input END AS input,
             CASE WHEN size.fits AND g.parts & 2 > 0 THEN p.output END AS output,
             CASE WHEN size.fits AND g.parts & 4 > 0 THEN p.error END AS error
        FROM unnest($2::uuid[], $3::timestamptz[], $4::int[]) WITH ORDINALITY
             AS g(id, start, parts, place)
        JOIN run_payload p ON p.project_id = $1 AND p.run_id = g.id AND p.created_at = g.start
       CROSS JOIN LATERAL (SELECT coalesce(octet_length(p.input), 0)
                                  + coalesce(octet_length(p.output), 0)
                                  + coalesce(octet_length(p.error), 0) <= %d AS fits) AS size
      """
          .formatted(SMALL_BYTES);

  private static final String TEXTS =
      """
      SELECT g.place, CASE WHEN g.parts & 1 > 0 THEN p.input END AS input,
             CASE WHEN g.parts & 2 > 0 THEN p.output END AS output,
             CASE WHEN g.parts & 4 > 0 THEN p.error END AS error
        FROM unnest($2::uuid[], $3::timestamptz[], $4::int[]) WITH ORDINALITY
             AS g(id, start, parts, place)
        JOIN run_payload p ON p.project_id = $1 AND p.run_id = g.id AND p.created_at = g.start
      """;

  // What folded() does of its own it does to letters of the two first planes. One that becomes
  // several letters is told as well; how the i's are made one is not.
  private static final String FOLDED =
      """
      SELECT point, folded
        FROM (SELECT point, casefold(chr(point) COLLATE pg_unicode_fast) AS folded
                FROM generate_series(1, x'1FFFF'::int) AS point
               WHERE point NOT BETWEEN x'D800'::int AND x'DFFF'::int) letters
       WHERE folded <> chr(point)
      """;

  private SearchQueueSql() {}

  /** A run to index: where it is, and which of its texts. */
  public record Queued(UUID id, OffsetDateTime start, int parts) {}

  /** The texts of a queued run that is still there. */
  public record Texts(Queued run, List<String> texts) {}

  /** Queues the runs whose texts a batch changed or moved. */
  public static void add(Tx tx, List<RunChange> changes) {
    List<RunChange> touched = changes.stream().filter(change -> parts(change) > 0).toList();
    if (!touched.isEmpty()) {
      tx.run(
          ADD,
          Columns.of(touched)
              .uuid(change -> change.row().key().project().value())
              .uuid(change -> change.row().key().id())
              .time(change -> change.row().createdAtMicros())
              .integer(SearchQueueSql::parts)
              .tuple());
    }
  }

  /** Queues all stored runs of a project, oldest first. */
  public static void addStored(Tx tx, ProjectId project) {
    tx.run(ADD_STORED, Tuple.of(project.value()));
  }

  /** All projects. */
  public static List<ProjectId> projects(Tx tx) {
    List<ProjectId> projects = new ArrayList<>();
    tx.run("SELECT id FROM project ORDER BY id", Tuple.tuple())
        .forEach(row -> projects.add(new ProjectId(row.getUUID("id"))));
    return projects;
  }

  /** How many runs wait in each project. */
  public static Map<ProjectId, Long> waiting(Tx tx) {
    Map<ProjectId, Long> waiting = new LinkedHashMap<>();
    for (Row row : tx.run(WAITING, Tuple.tuple())) {
      waiting.put(new ProjectId(row.getUUID("project_id")), row.getLong("runs"));
    }
    return waiting;
  }

  /** Whether this transaction alone may work on the project's index until it ends. */
  public static boolean lock(Tx tx, ProjectId project) {
    return tx.run(LOCK, Tuple.of(project.value())).iterator().next().getBoolean("mine");
  }

  /** Takes the oldest rows off the queue, until they have that many runs; each run once. */
  public static List<Queued> take(Tx tx, ProjectId project, int runs) {
    List<Row> rows = new ArrayList<>();
    tx.run(TAKE, Tuple.of(project.value(), runs)).forEach(rows::add);
    rows.sort(java.util.Comparator.comparing(row -> row.getLong("id")));
    Map<String, Queued> taken = new LinkedHashMap<>();
    for (Row row : rows) {
      UUID[] ids = row.getArrayOfUUIDs("run_ids");
      OffsetDateTime[] starts = row.getArrayOfOffsetDateTimes("starts");
      Short[] parts = row.getArrayOfShorts("parts");
      for (int i = 0; i < ids.length; i++) {
        taken.merge(
            ids[i] + "@" + starts[i],
            new Queued(ids[i], starts[i], parts[i]),
            (a, b) -> new Queued(a.id(), a.start(), a.parts() | b.parts()));
      }
    }
    return List.copyOf(taken.values());
  }

  /** Reads the texts of runs in any order, at most about that many bytes of them at a time. */
  public static void texts(
      Tx tx, ProjectId project, List<Queued> runs, long bytesAtOnce, Consumer<Texts> reader) {
    List<Queued> large = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += SMALL_RUNS) {
      List<Queued> some = runs.subList(from, Math.min(runs.size(), from + SMALL_RUNS));
      for (Row row : tx.run(SMALL_TEXTS, partValues(project, some))) {
        Queued run = some.get(place(row));
        if (row.getBoolean("fits")) {
          reader.accept(texts(row, run));
        } else {
          large.add(run);
        }
      }
    }
    if (!large.isEmpty()) {
      largeTexts(tx, project, large, bytesAtOnce, reader);
    }
  }

  private static void largeTexts(
      Tx tx, ProjectId project, List<Queued> runs, long bytesAtOnce, Consumer<Texts> reader) {
    long[] sizes = new long[runs.size()];
    for (Row row : tx.run(SIZES, values(project, runs))) {
      sizes[place(row)] = size(row, "input") + size(row, "output") + size(row, "error");
    }
    int from = 0;
    while (from < runs.size()) {
      int to = from;
      for (long bytes = 0; to < runs.size() && bytes < bytesAtOnce; to++) {
        bytes += sizes[to];
      }
      List<Queued> some = runs.subList(from, to);
      for (Row row : tx.run(TEXTS, partValues(project, some))) {
        reader.accept(texts(row, some.get(place(row))));
      }
      from = to;
    }
  }

  /** What each letter that is folded becomes, before the i's are made one. */
  public static Map<Integer, String> folded(Tx tx) {
    Map<Integer, String> folded = new HashMap<>();
    tx.run(FOLDED, Tuple.tuple())
        .forEach(row -> folded.put(row.getInteger("point"), row.getString("folded")));
    return folded;
  }

  private static int place(Row row) {
    return Math.toIntExact(row.getLong("place") - 1);
  }

  private static Texts texts(Row row, Queued run) {
    List<String> texts = new ArrayList<>(3);
    for (String part : List.of("input", "output", "error")) {
      if (row.getString(part) != null) {
        texts.add(row.getString(part));
      }
    }
    return new Texts(run, texts);
  }

  private static long size(Row row, String part) {
    Integer size = row.getInteger(part);
    return size == null ? 0 : size;
  }

  private static Tuple partValues(ProjectId project, List<Queued> runs) {
    return values(project, runs)
        .addArrayOfInteger(runs.stream().map(Queued::parts).toArray(Integer[]::new));
  }

  private static Tuple values(ProjectId project, List<Queued> runs) {
    return Tuple.of(project.value())
        .addArrayOfUUID(runs.stream().map(Queued::id).toArray(UUID[]::new))
        .addArrayOfOffsetDateTime(runs.stream().map(Queued::start).toArray(OffsetDateTime[]::new));
  }

  private static int parts(RunChange change) {
    RunRow row = change.row();
    RunChange.Place place = new RunChange.Place(row.key(), row.createdAtMicros());
    if (change.stored() != null && !change.stored().place().equals(place)) {
      return ALL;
    }
    return (change.payload().get(Part.INPUT) == null ? 0 : INPUT)
        + (change.payload().get(Part.OUTPUT) == null ? 0 : OUTPUT)
        + (change.payload().get(Part.ERROR) == null ? 0 : ERROR);
  }
}
