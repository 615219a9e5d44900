package dev.perilune.processor.pricing;

import dev.perilune.processor.pricing.tokens.JsonText;
import dev.perilune.processor.pricing.tokens.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and prices to US dollars, in decimal arithmetic.
 *
 * <p>A cost is exact: prices have a few decimals and counts are whole, so nothing is rounded unless
 * a price has more than nine decimals; then the 15th of the cost is rounded half up. Trailing zeros
 * are dropped. Unknown is {@code null}, and never 0; 0 is the cost of what is free.
 */
public final class CostCalculator {
  private static final int MOST_DECIMALS = 15;
  private static final int MILLION = 6; // decimals
  private static final Set<String> BILLABLE_TYPES = Set.of("llm", "embed");
  private static final String SUCCESS = "success";

  /** Faster answers come from a cache of the client. */
  private static final Duration SHORTEST_CALL = Duration.ofMillis(10);

  private CostCalculator() {}

  /**
   * What a price depends on.
   *
   * @param org the organisation of the run's project
   * @param type wire name of the run's type
   * @param status wire name of the run's status
   * @param inputJson stored input, JSON text; needed for prices per character, as is {@code
   *     outputJson}
   */
  public record Run(
      @Nullable UUID org,
      String type,
      @Nullable String status,
      @Nullable String name,
      Instant start,
      @Nullable Instant end,
      TokenUsage usage,
      @Nullable String inputJson,
      @Nullable String outputJson) {

    /** The same call under another name of its model. */
    public Run withName(String other) {
      return new Run(org, type, status, other, start, end, usage, inputJson, outputJson);
    }

    /** Whether it is a call that can cost anything. */
    public boolean isBillable() {
      return BILLABLE_TYPES.contains(type)
          && SUCCESS.equals(status)
          && name != null
          && duration().compareTo(SHORTEST_CALL) >= 0;
    }

    Duration duration() {
      return end == null ? Duration.ZERO : Duration.between(start, end);
    }
  }

  /** A cost and the row of the price table that it comes from, null for one that was told. */
  public record Cost(BigDecimal usd, @Nullable UUID priceId) {}

  /**
   * The cost of a run.
   *
   * @return {@code null} unless the run is a model call or an embedding that succeeded, took 10 ms
   *     or more, and has a name with a known price and something that can be counted
   */
  public static @Nullable Cost cost(ModelPrices prices, Run run) {
    if (!run.isBillable() || run.name() == null) {
      return null;
    }
    ModelPrice price = prices.find(run.org(), run.name(), run.start()).orElse(null);
    BigDecimal usd = price == null ? null : cost(price, run);
    return usd == null ? null : new Cost(usd, price.id());
  }

  private static @Nullable BigDecimal cost(ModelPrice price, Run run) {
    BigDecimal perMillion =
        switch (price.unit()) {
          case TOKENS -> ofTokens(price, run.usage());
          case CHARACTERS -> ofCharacters(price, run);
          case MILLISECONDS -> ofTime(price, run.duration());
          case IMAGES -> null;
        };
    return perMillion == null ? null : tidy(perMillion.movePointLeft(MILLION));
  }

  private static @Nullable BigDecimal ofTokens(ModelPrice price, TokenUsage usage) {
    if (usage.prompt() == null && usage.completion() == null) {
      return null;
    }
    BigDecimal input = orZero(price.inputPerMillion());
    BigDecimal reduction =
        orZero(price.cachedReductionPerMillion()).max(BigDecimal.ZERO).min(input);
    int prompt = orZero(usage.prompt());
    return times(input, prompt)
        .subtract(times(reduction, Math.min(usage.cachedPrompt(), prompt)))
        .add(times(orZero(price.outputPerMillion()), orZero(usage.completion())));
  }

  private static BigDecimal ofCharacters(ModelPrice price, Run run) {
    return times(orZero(price.inputPerMillion()), characters(run.inputJson()))
        .add(times(orZero(price.outputPerMillion()), characters(run.outputJson())));
  }

  private static BigDecimal ofTime(ModelPrice price, Duration duration) {
    BigDecimal millis =
        BigDecimal.valueOf(duration.toSeconds(), -3).add(BigDecimal.valueOf(duration.getNano(), 6));
    return orZero(price.inputPerMillion()).multiply(millis);
  }

  private static BigDecimal tidy(BigDecimal usd) {
    BigDecimal rounded =
        usd.max(BigDecimal.ZERO)
            .setScale(Math.min(usd.scale(), MOST_DECIMALS), RoundingMode.HALF_UP)
            .stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private static int characters(@Nullable String json) {
    return json == null ? 0 : JsonText.lengthOf(json);
  }

  private static BigDecimal times(BigDecimal price, int count) {
    return price.multiply(BigDecimal.valueOf(count));
  }

  private static BigDecimal orZero(@Nullable BigDecimal price) {
    return price == null ? BigDecimal.ZERO : price;
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
