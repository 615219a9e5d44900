package dev.perilune.query.runs;

import dev.perilune.query.filter.Filter;
import dev.perilune.query.filter.FilterId;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.RawQuery;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a run list, read and checked.
 *
 * @param page zero-based
 * @param after where the page before this one ended, if the caller knows; wins over the number
 * @param shortened whether only the last input message and the first characters are wanted
 */
public record RunListQuery(
    FilterQuery filter,
    Optional<String> parentRunId,
    RunOrder order,
    int page,
    int limit,
    Optional<PageEnd> after,
    boolean shortened) {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1000;
  static final Filter TRACES = Filter.of(FilterId.TYPE, "trace");
  private static final Filter LLM = Filter.of(FilterId.TYPE, "llm");

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws dev.perilune.runtime.http.Problem.Invalid naming the parameter that is unusable
   */
  public static RunListQuery of(@Nullable String query) {
    return of(query, LLM);
  }

  /** The same with another filter for a query without any. */
  static RunListQuery of(@Nullable String query, Filter fallback) {
    RawQuery raw = RawQuery.of(query);
    RunOrder order = RunOrder.of(raw.text("sortField"), raw.text("sortDirection"));
    return new RunListQuery(
        FilterQuery.parse(query).orElse(fallback),
        raw.text("parentRunId"),
        order,
        raw.count("page", 0, Integer.MAX_VALUE),
        raw.count("limit", DEFAULT_LIMIT, MAX_LIMIT),
        raw.text("cursor").map(cursor -> PageEnd.ofCursor(cursor, order)),
        isLlm(raw));
  }

  /** Rows before this page. */
  public long offset() {
    return (long) page * limit;
  }

  // the default type does not shorten: only the word in the query does
  private static boolean isLlm(RawQuery raw) {
    List<RawQuery.Pair> types =
        raw.pairs().stream().filter(pair -> pair.name().equals("type")).toList();
    return types.size() == 1 && "llm".equals(types.get(0).value());
  }
}
