package dev.perilune.processor.pricing;

import dev.perilune.processor.pricing.CostCalculator.Cost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata of a call says that its price may depend on, for a model that has no price
 * under the name that was asked for, such as a deployment that somebody named: OpenTelemetry's
 * libraries note which model answered, and some what it cost.
 *
 * @param responseModel the model that answered
 * @param reportedUsd what the sender says that it cost, as text
 */
public record NotedCost(@Nullable String responseModel, @Nullable String reportedUsd) {
  public static final NotedCost NOTHING = new NotedCost(null, null);

  private static final int MOST_DECIMALS = 15;
  private static final int LONGEST_TEXT = 64;
  private static final int LONGEST_SCALE = 100;
  private static final BigDecimal LESS_THAN_USD = BigDecimal.valueOf(1_000_000_000);

  /** The cost by the model's own price, else by that of the model that answered, else as told. */
  public @Nullable Cost cost(ModelPrices prices, CostCalculator.Run call) {
    String name = call.name();
    boolean isPriced = name != null && prices.find(call.org(), name, call.start()).isPresent();
    if (isPriced || !call.isBillable() || this.equals(NOTHING)) {
      return CostCalculator.cost(prices, call);
    }
    Cost answered =
        responseModel == null ? null : CostCalculator.cost(prices, call.withName(responseModel));
    BigDecimal told = answered == null ? told() : null;
    return told == null ? answered : new Cost(told, null);
  }

  private @Nullable BigDecimal told() {
    if (reportedUsd == null || reportedUsd.length() > LONGEST_TEXT) {
      return null;
    }
    try {
      BigDecimal usd = new BigDecimal(reportedUsd);
      boolean isSensible =
          usd.signum() >= 0
              && Math.abs(usd.scale()) < LONGEST_SCALE
              && usd.compareTo(LESS_THAN_USD) < 0;
      return isSensible
          ? usd.setScale(Math.min(Math.max(usd.scale(), 0), MOST_DECIMALS), RoundingMode.HALF_UP)
          : null;
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }
}
