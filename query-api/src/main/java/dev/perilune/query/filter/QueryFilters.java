package dev.perilune.query.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of filters in a query string: {@code id=value.value&id=value,value.value}. */
final class QueryFilters {

  private static final String ANY_PREFIX = "OR&";

  private QueryFilters() {}

  static FilterQuery parse(@Nullable String query) {
    boolean any = query != null && query.startsWith(ANY_PREFIX);
    List<Filter> filters = new ArrayList<>();
    for (RawQuery.Pair pair : RawQuery.of(query).pairs()) {
      if (pair.value() != null) {
        String value = pair.value();
        FilterId.named(pair.name())
            .map(id -> values(id, value))
            .flatMap(Conditions::of)
            .ifPresent(filters::add);
      }
    }
    return new FilterQuery(any, filters);
  }

  /** The decoded values; none when a part of them is empty. */
  static FilterValues values(FilterId id, String value) {
    List<String> parts = parts(value, id.parameters().size());
    List<List<String>> values = new ArrayList<>();
    if (!parts.contains("")) {
      for (int i = 0; i < parts.size(); i++) {
        values.add(decoded(id, id.parameters().get(i).kind(), parts.get(i)));
      }
    }
    return new FilterValues(id, id.wireName(), values);
  }

  // people type dots as they are (gpt-3.5-turbo): what is too much belongs to the last parameter
  private static List<String> parts(String value, int parameters) {
    return parameters == 0 ? List.of() : Arrays.asList(value.split("\\.", parameters));
  }

  private static List<String> decoded(FilterId id, FilterParameter.Kind kind, String part) {
    String name = id.wireName();
    String text = part.replace("%2C", ",").replace("%2E", ".");
    if (!kind.isMulti()) {
      return List.of(PercentText.decode(name, text));
    }
    return Arrays.stream(text.split(","))
        .map(piece -> PercentText.decode(name, piece))
        // clients encode these twice, people once: what was encoded once is finished here
        .map(once -> PercentText.tryDecode(once).orElse(once))
        .toList();
  }
}
