package dev.perilune.query.filter;

import java.util.List;

/**
 * One condition of a query: which filter, and its values as decoded texts.
 *
 * @param values one list for each parameter of the filter, in order; only a parameter of kind
 *     {@code MULTI} has more than one text. Later parameters may be missing.
 */
public record Filter(FilterId id, List<List<String>> values) {

  public Filter {
    values = values.stream().map(List::copyOf).toList();
  }

  /** A filter with one value, such as {@code type=llm}. */
  public static Filter of(FilterId id, String value) {
    return new Filter(id, List.of(List.of(value)));
  }

  /** The only text of a parameter that takes one. */
  String single(int parameter) {
    return values.get(parameter).get(0);
  }
}
