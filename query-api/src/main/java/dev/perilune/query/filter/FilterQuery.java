package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Filters that are asked together. A query string gives a flat list; the JSON form may nest.
 *
 * @param any whether one matching filter is enough, else all must match; no filters match always
 */
public record FilterQuery(boolean any, List<Filter> filters) implements Filter {

  /** Asks nothing. */
  public static final FilterQuery NONE = new FilterQuery(false, List.of());

  public FilterQuery {
    filters = List.copyOf(filters);
  }

  /**
   * Reads the undecoded part of a URI after the question mark: every pair whose name is a filter's.
   * Names that are no filter's are left to the route; a filter whose values are not all there
   * counts as not given.
   *
   * @throws Problem.Invalid naming the filter, if a value of it cannot be what it has to be
   */
  public static FilterQuery parse(@Nullable String query) {
    return QueryFilters.parse(query);
  }

  /**
   * Reads filter logic such as {@code ["AND", {"id":"type","params":{"type":"llm"}}, ["OR", …]]}.
   * Unknown ids are ignored, and so are filters whose values are not all there.
   *
   * @param field what the value is called in a failure
   * @param json the text; the word {@code null} asks nothing
   * @throws Problem.Invalid with the path of what is wrong
   */
  public static FilterQuery parseJson(String field, String json) {
    return JsonFilters.parse(field, json);
  }

  /** This query, or one with only that filter if it has none. */
  public FilterQuery orElse(Filter fallback) {
    return filters.isEmpty() ? new FilterQuery(false, List.of(fallback)) : this;
  }

  /** What matches both. */
  public FilterQuery and(FilterQuery other) {
    if (filters.isEmpty() || other.filters.isEmpty()) {
      return filters.isEmpty() ? other : this;
    }
    return new FilterQuery(false, List.of(this, other));
  }

  /** The same without the filters of these kinds. */
  public FilterQuery without(FilterId... ids) {
    List<FilterId> unwanted = List.of(ids);
    return keep(id -> !unwanted.contains(id));
  }

  /** Only the filters of these kinds. */
  public FilterQuery only(FilterId... ids) {
    return keep(List.of(ids)::contains);
  }

  /** Whether a filter of that kind is among them, at any depth. */
  public boolean asksFor(FilterId id) {
    return !only(id).filters().isEmpty();
  }

  /** Whether the type and the name of a run decide. */
  public boolean asksTypeAndNameOnly() {
    return filters.stream()
        .allMatch(
            filter ->
                filter instanceof FilterQuery group
                    ? group.asksTypeAndNameOnly()
                    : ((FilterLeaf) filter).condition().asksTypeAndNameOnly());
  }

  /**
   * The texts of {@code search} filters that every matching run must contain: those that no "any"
   * stands above.
   */
  public List<SearchText> requiredSearches() {
    return (any && filters.size() > 1 ? Stream.<Filter>empty() : filters.stream())
        .flatMap(
            filter ->
                filter instanceof FilterQuery group
                    ? group.requiredSearches().stream()
                    : searches((FilterLeaf) filter))
        .toList();
  }

  private static Stream<SearchText> searches(FilterLeaf leaf) {
    return leaf.condition() instanceof TextCondition.Search search
        ? Stream.of(search.text())
        : Stream.empty();
  }

  private FilterQuery keep(Predicate<FilterId> wanted) {
    List<Filter> kept = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof FilterQuery group) {
        FilterQuery rest = group.keep(wanted);
        if (!rest.filters().isEmpty()) {
          kept.add(rest);
        }
      } else if (wanted.test(((FilterLeaf) filter).id())) {
        kept.add(filter);
      }
    }
    return new FilterQuery(any, kept);
  }
}
