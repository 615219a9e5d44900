package dev.perilune.query.runs;

import dev.perilune.query.filter.Filter;
import dev.perilune.query.filter.FilterId;
import dev.perilune.query.filter.FilterQuery;
import dev.perilune.query.filter.FilterSql;
import dev.perilune.query.filter.RawQuery;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a run list, read and checked.
 *
 * @param filter the condition; its arguments begin at {@link #FIRST_FILTER_ARGUMENT}
 * @param page zero-based
 * @param shortened whether only the last input message and the first characters are wanted
 */
public record RunListQuery(
    FilterSql filter,
    Optional<String> parentRunId,
    RunOrder order,
    int page,
    int limit,
    boolean shortened) {

  static final int FIRST_FILTER_ARGUMENT = 2;

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1000;
  private static final Filter LLM = Filter.of(FilterId.TYPE, "llm");

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws dev.perilune.runtime.http.Problem.Invalid naming the parameter that is unusable
   */
  public static RunListQuery of(@Nullable String query) {
    RawQuery raw = RawQuery.of(query);
    return new RunListQuery(
        FilterSql.of(FilterQuery.parse(query).orElse(LLM), FIRST_FILTER_ARGUMENT),
        raw.text("parentRunId"),
        RunOrder.of(raw.text("sortField"), raw.text("sortDirection")),
        raw.count("page", 0, Integer.MAX_VALUE),
        raw.count("limit", DEFAULT_LIMIT, MAX_LIMIT),
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
