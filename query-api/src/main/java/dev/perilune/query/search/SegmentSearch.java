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

/** Looks needles up in segments: which of their runs have all the words of one of them. */
final class SegmentSearch {
  private static final int ENOUGH_EXACT = 2;

  private final SqlConnection connection;
  private final UUID project;
  private final List<List<Part>> needles;
  private final Set<String> words = new LinkedHashSet<>();
  private final Set<String> patterns = new LinkedHashSet<>();

  /** Takes needles of which one is enough; each must have a part. */
  SegmentSearch(SqlConnection connection, UUID project, List<SearchNeedle> needles) {
    this.connection = connection;
    this.project = project;
    this.needles = needles.stream().map(SegmentSearch::parts).toList();
    for (List<Part> parts : this.needles) {
      for (Part part : parts) {
        Stream.concat(part.whole().stream(), part.pieces().stream())
            .forEach(
                pattern -> {
                  if (WordPage.isExact(pattern)) {
                    words.add(WordPage.wordOf(pattern));
                  } else {
                    patterns.add(pattern);
                  }
                });
      }
    }
  }

  /** Numbers of runs, by segment; a segment without any may be missing. */
  Future<Map<Long, BitSet>> find(List<Segment> segments) {
    var exact = SearchSql.pagesOfWords(connection, project, segments, words);
    var scanned = SearchSql.pagesWith(connection, project, segments, patterns);
    return Future.all(exact, scanned)
        .map(
            both -> {
              Map<Long, Set<WordPage>> pages = new HashMap<>();
              Stream.concat(exact.result().stream(), scanned.result().stream())
                  .forEach(page -> add(pages, page));
              Map<Long, BitSet> found = new HashMap<>();
              pages.forEach((segment, some) -> found.put(segment, anyNeedle(some)));
              return found;
            });
  }

  /** The runs with these numbers. */
  Future<List<Candidate>> runs(Map<Long, BitSet> numbers) {
    List<Long> segments = new ArrayList<>();
    List<Integer> pieces = new ArrayList<>();
    numbers.forEach(
        (segment, runs) -> {
          Set<Integer> of = new TreeSet<>();
          runs.stream().forEach(number -> of.add(number / SearchSql.PIECE_RUNS));
          of.forEach(
              piece -> {
                segments.add(segment);
                pieces.add(piece);
              });
        });
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

  private static void add(Map<Long, Set<WordPage>> pages, Page page) {
    pages.computeIfAbsent(page.segment(), key -> new LinkedHashSet<>()).add(page.page());
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
    BitSet runs = new BitSet();
    if (!part.pieces().isEmpty()) {
      runs.or(with(part.pieces().get(0), pages));
      part.pieces().forEach(piece -> runs.and(with(piece, pages)));
    }
    part.whole().forEach(pattern -> runs.or(with(pattern, pages)));
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
