package dev.perilune.processor.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the models that a pattern finds cost from a day on, in US dollars per million units.
 *
 * @param org the organisation that set this price; {@code null} = shipped with the product
 * @param name tells prices of the same pattern apart; of several that match, the longest name wins
 * @param pattern regular expression, looked for anywhere in a model's name, case ignored
 * @param inputPerMillion {@code null} counts as 0, as for the other two
 * @param cachedReductionPerMillion what a cached input token costs less than another
 * @param startDate the price holds for runs that start then or later
 * @param tokenizer information for people
 */
public record ModelPrice(
    UUID id,
    @Nullable UUID org,
    String name,
    String pattern,
    Unit unit,
    @Nullable BigDecimal inputPerMillion,
    @Nullable BigDecimal outputPerMillion,
    @Nullable BigDecimal cachedReductionPerMillion,
    Instant startDate,
    @Nullable String tokenizer) {

  /** What is paid for. */
  public enum Unit {
    TOKENS,
    CHARACTERS,
    MILLISECONDS,
    /** Kept for mappings made elsewhere; nothing counts images, so such a price gives no cost. */
    IMAGES
  }
}
