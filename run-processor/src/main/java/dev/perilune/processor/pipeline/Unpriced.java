package dev.perilune.processor.pipeline;

import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.pricing.CostCalculator;
import dev.perilune.processor.pricing.CostCalculator.Cost;
import dev.perilune.processor.pricing.ModelPrices;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call whose model has no price under the name that was asked for, such as a deployment that
 * somebody named: OpenTelemetry's libraries note which model answered, and some what it cost.
 */
record Unpriced(ModelPrices prices, CostCalculator.Run call, @Nullable String metadataJson) {
  static final String RESPONSE_MODEL = "responseModel";
  static final String REPORTED_COST = "reportedCost";

  private static final int MOST_DECIMALS = 15;
  private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000_000);

  private boolean hasNoPrice() {
    return call.isBillable()
        && call.name() != null
        && prices.find(call.org(), call.name(), call.start()).isEmpty();
  }

  /** The cost by the model that answered, null if that has no price either. */
  @Nullable Cost asAnswered() {
    String model = noted(RESPONSE_MODEL);
    return model == null ? null : CostCalculator.cost(prices, call.withName(model));
  }

  /** What the caller says that it cost, in US dollars; null if that is nothing sensible. */
  @Nullable BigDecimal reported() {
    String text = noted(REPORTED_COST);
    try {
      BigDecimal usd = text == null || text.length() > 64 ? null : new BigDecimal(text);
      boolean isSensible =
          usd != null && usd.signum() >= 0 && usd.compareTo(MOST_USD) < 0 && usd.scale() < 100;
      return isSensible
          ? usd.setScale(
              Math.min(Math.max(usd.scale(), 0), MOST_DECIMALS), java.math.RoundingMode.HALF_UP)
          : null;
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  private static BigDecimal rounded(BigDecimal usd) {
    int decimals = Math.min(Math.max(usd.scale(), 0), MOST_DECIMALS);
    return usd.setScale(decimals, RoundingMode.HALF_UP);
  }

  private @Nullable String noted(String key) {
    if (metadataJson == null || !metadataJson.contains(key) || !hasNoPrice()) {
      return null;
    }
    Map<String, String> metadata = Metadata.fields(metadataJson);
    return Metadata.text(metadata.get(key));
  }
}
