package dev.perilune.query.runs.export;

import dev.perilune.query.filter.RawQuery;
import dev.perilune.query.runs.RunListQuery;
import dev.perilune.runtime.http.Problem;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants exported, read and checked.
 *
 * @param runs which runs, in which order
 */
record ExportQuery(ExportKind kind, ExportFormat format, RunListQuery runs) {

  /**
   * Reads the undecoded part of a URI after the question mark.
   *
   * @throws Problem.Invalid naming the parameter that is missing or unusable
   */
  static ExportQuery of(@Nullable String query) {
    RawQuery raw = RawQuery.of(query);
    return new ExportQuery(
        word(raw, "type", ExportKind.values()),
        word(raw, "exportFormat", ExportFormat.values()),
        RunListQuery.of(query));
  }

  private static <E extends Enum<E>> E word(RawQuery raw, String name, E[] words) {
    String value = raw.text(name).orElse("");
    return Arrays.stream(words)
        .filter(word -> wireName(word).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem.Invalid(
                    name,
                    Arrays.stream(words)
                        .map(ExportQuery::wireName)
                        .collect(
                            Collectors.joining(
                                ", ",
                                "Expected one of ",
                                value.isEmpty() ? ", was nothing" : ", was " + shortened(value)))));
  }

  private static String wireName(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "…";
  }
}
