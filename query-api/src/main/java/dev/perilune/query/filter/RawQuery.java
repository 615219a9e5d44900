package dev.perilune.query.filter;

import dev.perilune.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The undecoded pairs of a query string, in order. Values are decoded only when somebody asks for
 * them by name, so that rubbish under a name that nobody knows harms nobody.
 *
 * @param pairs names as written, with the text between the first and the second equals sign
 */
public record RawQuery(List<Pair> pairs) {

  /** The text after the name, or null when there is no equals sign. */
  public record Pair(String name, @Nullable String value) {}

  public RawQuery {
    pairs = List.copyOf(pairs);
  }

  /** Splits the part of a URI after the question mark. */
  public static RawQuery of(@Nullable String query) {
    List<Pair> pairs = new ArrayList<>();
    for (String piece : (query == null ? "" : query).split("&")) {
      if (!piece.isEmpty()) {
        String[] sides = piece.split("=", -1);
        pairs.add(new Pair(sides[0], sides.length < 2 ? null : sides[1]));
      }
    }
    return new RawQuery(pairs);
  }

  /**
   * The first value of that name, decoded; an empty one counts as absent.
   *
   * @throws Problem.Invalid if its percent-encoding is broken
   */
  public Optional<String> text(String name) {
    return pairs.stream()
        .filter(pair -> pair.name().equals(name) && pair.value() != null)
        .findFirst()
        .map(pair -> PercentText.decode(name, pair.value()))
        .filter(value -> !value.isEmpty());
  }

  /**
   * A whole number from 0 to {@code max}.
   *
   * @throws Problem.Invalid naming the parameter, for anything else
   */
  public int count(String name, int fallback, int max) {
    Optional<String> value = text(name);
    return value.isEmpty() ? fallback : count(name, value.get(), max);
  }

  private static int count(String name, String value, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same text serves a word and a number out of range
    }
    String shown = value.length() <= 40 ? value : value.substring(0, 40) + "…";
    throw new Problem.Invalid(name, "Expected a whole number from 0 to " + max + ", was " + shown);
  }
}
