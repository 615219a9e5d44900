package dev.perilune.query.filter;

import dev.perilune.query.filter.FilterId.Kind;
import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a query string: every pair whose name is a filter's. Names that are no filter's
 * are left to the route; a filter without a usable value counts as not given.
 *
 * @param any whether one matching filter is enough ({@code OR&} in front), else all must match
 */
public record FilterQuery(boolean any, List<Filter> filters) {

  private static final String ANY_PREFIX = "OR&";

  public FilterQuery {
    filters = List.copyOf(filters);
  }

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws Problem.Invalid naming the filter, if the percent-encoding of its value is broken
   */
  public static FilterQuery parse(@Nullable String query) {
    boolean any = query != null && query.startsWith(ANY_PREFIX);
    List<Filter> filters = new ArrayList<>();
    for (RawQuery.Pair pair : RawQuery.of(query).pairs()) {
      if (pair.value() != null) {
        String value = pair.value();
        FilterId.named(pair.name()).flatMap(id -> filter(id, value)).ifPresent(filters::add);
      }
    }
    return new FilterQuery(any, filters);
  }

  /** This query, or one with only that filter if it has none. */
  public FilterQuery orElse(Filter fallback) {
    return filters.isEmpty() ? new FilterQuery(false, List.of(fallback)) : this;
  }

  private static Optional<Filter> filter(FilterId id, String value) {
    List<String> parts = parts(value, id.parameters().size());
    if (parts.isEmpty() || parts.contains("")) {
      return Optional.empty();
    }
    List<List<String>> values = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      values.add(decoded(id, id.parameters().get(i), parts.get(i)));
    }
    return Optional.of(new Filter(id, values));
  }

  // people type dots as they are (gpt-3.5-turbo): what is too much belongs to the last parameter
  private static List<String> parts(String value, int parameters) {
    return parameters == 0 ? List.of() : Arrays.asList(value.split("\\.", parameters));
  }

  private static List<String> decoded(FilterId id, Kind kind, String part) {
    String name = id.wireName();
    String text = part.replace("%2C", ",").replace("%2E", ".");
    return switch (kind) {
      case SINGLE, NUMBER, DATE -> List.of(PercentText.decode(name, text));
      case MULTI ->
          Arrays.stream(text.split(","))
              .map(piece -> PercentText.decode(name, piece))
              // clients encode these twice, people once: what was encoded once is finished here
              .map(once -> PercentText.tryDecode(once).orElse(once))
              .toList();
    };
  }
}
