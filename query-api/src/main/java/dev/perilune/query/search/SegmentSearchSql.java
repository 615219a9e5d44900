package dev.perilune.query.search;

import dev.perilune.model.search.RunList;
import dev.perilune.model.search.SearchNeedle;
import dev.perilune.model.search.SearchNeedle.Part;
import dev.perilune.model.search.WordPage;
import dev.perilune.query.search.SearchSql.Page;
import dev.perilune.query.search.SearchSql.Piece;
import dev.perilune.query.search.SearchSql.Segment;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks needles up in segments: which of their runs have all the words of one of them. */
final class SegmentSearchSql {
  private static final int ENOUGH_EXACT = 2;

  private final SqlConnection connection;
  private final UUID project;
  private final List<List<Part>> needles;
  private final Set<String> words = new LinkedHashSet<>();
  private final Map<String, List<String>> lookups = new HashMap<>();
  private final Set<String> patterns = new LinkedHashSet<>();

  /** Takes needles of which one is enough; each must have a part. */
  SegmentSearchSql(SqlConnection connection, UUID project, List<SearchNeedle> needles) {
    this.connection = connection;
    this.project = project;
    this.needles = needles.stream().map(SegmentSearchSql::parts).toList();
    for (List<Part> parts : this.needles) {
      for (Part part : parts) {
        Stream.concat(part.whole().stream(), part.pieces().stream()).forEach(this::prepare);
      }
    }
  }

  private void prepare(String pattern) {
    List<String> inDirectory = WordPage.lookups(pattern);
    if (WordPage.isExact(pattern)) {
      words.add(WordPage.wordOf(pattern));
    } else if (inDirectory.isEmpty()) {
      patterns.add(pattern);
    } else {
      lookups.put(pattern, inDirectory);
      inDirectory.forEach(lookup -> words.add(WordPage.wordOf(lookup)));
    }
  }

  /** Numbers of runs, by segment; a segment without any may be missing. */
  Future<Map<Long, BitSet>> find(List<Segment> segments) {
    var exact = SearchSql.pagesOfWords(connection, project, segments, words);
    var scanned = SearchSql.pagesWith(connection, project, segments, patterns);
    return Future.all(exact, scanned)
        .compose(
            both ->
                listed(exact.result())
                    .map(
                        listed ->
                            Stream.of(exact.result(), scanned.result(), listed)
                                .flatMap(List::stream)
                                .filter(page -> !page.page().isDirectory())
                                .toList()))
        .map(
            all -> {
              Map<Long, BitSet> found = new HashMap<>();
              bySegment(all).forEach((segment, some) -> found.put(segment, anyNeedle(some)));
              return found;
            });
  }

  /** The pages that the directory names. */
  private Future<List<Page>> listed(List<Page> known) {
    List<Long> segments = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Page> directory = known.stream().filter(page -> page.page().isDirectory()).toList();
    bySegment(directory)
        .forEach(
            (segment, pages) -> {
              BitSet listed = new BitSet();
              lookups.values().forEach(all -> listed.or(withAll(all, pages)));
              listed.stream()
                  .forEach(
                      number -> {
                        segments.add(segment);
                        numbers.add(number);
                      });
            });
    return SearchSql.pagesAt(connection, project, segments, numbers);
  }

  /**
   * The later part of many runs of a segment.
   *
   * @param runs their numbers
   * @param lastLeft of the other runs none starts after it; null if there are none
   */
  record Latest(BitSet runs, @Nullable OffsetDateTime lastLeft) {}

  /** Divides the runs with these numbers, so that about so many are the latest. */
  Future<Latest> latest(long segment, BitSet runs, int about) {
    return SearchSql.ends(connection, project, segment, pieces(runs))
        .map(
            ends -> {
              BitSet some = new BitSet();
              int next = 0;
              while (next < ends.size() && some.cardinality() < about) {
                int first = ends.get(next++).piece() * SearchSql.PIECE_RUNS;
                runs.get(first, first + SearchSql.PIECE_RUNS).stream()
                    .forEach(number -> some.set(first + number));
              }
              return new Latest(some, next < ends.size() ? ends.get(next).lastStart() : null);
            });
  }

  /** The runs with these numbers. */
  Future<List<Candidate>> runs(Map<Long, BitSet> numbers) {
    List<Long> segments = new ArrayList<>();
    List<Integer> pieces = new ArrayList<>();
    numbers.forEach(
        (segment, runs) ->
            pieces(runs)
                .forEach(
                    piece -> {
                      segments.add(segment);
                      pieces.add(piece);
                    }));
    if (segments.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return SearchSql.pieces(connection, project, segments, pieces)
        .map(
            rows -> {
              List<Candidate> runs = new ArrayList<>();
              rows.forEach(row -> add(runs, row, numbers.get(row.segment())));
              return runs;
            });
  }

  /** Which rows of search_run have these runs. */
  private static Set<Integer> pieces(BitSet runs) {
    Set<Integer> pieces = new TreeSet<>();
    runs.stream().forEach(number -> pieces.add(number / SearchSql.PIECE_RUNS));
    return pieces;
  }

  private static Map<Long, Set<WordPage>> bySegment(List<Page> pages) {
    Map<Long, Set<WordPage>> bySegment = new HashMap<>();
    pages.forEach(
        page ->
            bySegment
                .computeIfAbsent(page.segment(), key -> new LinkedHashSet<>())
                .add(page.page()));
    return bySegment;
  }

  private static void add(List<Candidate> runs, Piece row, BitSet numbers) {
    int first = row.piece() * SearchSql.PIECE_RUNS;
    for (int i = 0; i < row.ids().length; i++) {
      if (numbers.get(first + i)) {
        runs.add(new Candidate(row.ids()[i], row.starts()[i]));
      }
    }
  }

  /** Two whole words say enough; to find what a word begins or ends with, all must be read. */
  private static List<Part> parts(SearchNeedle needle) {
    List<Part> exact = needle.parts().stream().filter(Part::isExact).toList();
    return exact.size() >= ENOUGH_EXACT ? exact : needle.parts();
  }

  private BitSet anyNeedle(Set<WordPage> pages) {
    BitSet runs = new BitSet();
    needles.forEach(parts -> runs.or(allParts(parts, pages)));
    return runs;
  }

  private static BitSet allParts(List<Part> parts, Set<WordPage> pages) {
    BitSet runs = part(parts.get(0), pages);
    for (Part part : parts.subList(1, parts.size())) {
      if (!runs.isEmpty()) {
        runs.and(part(part, pages));
      }
    }
    return runs;
  }

  private static BitSet part(Part part, Set<WordPage> pages) {
    BitSet runs = part.pieces().isEmpty() ? new BitSet() : withAll(part.pieces(), pages);
    part.whole().forEach(pattern -> runs.or(with(pattern, pages)));
    return runs;
  }

  private static BitSet withAll(List<String> patterns, Set<WordPage> pages) {
    BitSet runs = with(patterns.get(0), pages);
    patterns.forEach(pattern -> runs.and(with(pattern, pages)));
    return runs;
  }

  private static BitSet with(String pattern, Set<WordPage> pages) {
    BitSet runs = new BitSet();
    for (WordPage page : pages) {
      for (RunList list : page.find(pattern)) {
        for (int i = 0; i < list.size(); i++) {
          runs.set(list.get(i));
        }
      }
    }
    return runs;
  }
}
