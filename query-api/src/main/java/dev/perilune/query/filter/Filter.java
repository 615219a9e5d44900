package dev.perilune.query.filter;

import java.util.List;

/** What a query asks of a run: one filter, or several of which all or any must match. */
public sealed interface Filter permits FilterQuery, FilterLeaf {

  /**
   * A filter with one value, such as {@code type=llm}.
   *
   * @throws dev.perilune.runtime.http.Problem.Invalid if it may not have that value
   */
  static Filter of(FilterId id, String value) {
    return Conditions.of(new FilterValues(id, id.wireName(), List.of(List.of(value))))
        .orElseThrow(() -> new IllegalArgumentException(id + " takes more than one value"));
  }
}
