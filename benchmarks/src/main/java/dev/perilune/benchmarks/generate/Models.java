package dev.perilune.benchmarks.generate;

import dev.perilune.processor.pricing.CostCalculator;
import dev.perilune.processor.pricing.CostCalculator.Cost;
import dev.perilune.processor.pricing.DefaultPrices;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.pricing.tokens.TokenUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The models that the runs call, and what they cost by the shipped prices. */
final class Models {

  private static final List<String> CHAT =
      List.of(
          "gpt-4o-mini",
          "gpt-4o",
          "gpt-4.1",
          "gpt-4.1-mini",
          "gpt-5",
          "gpt-5-mini",
          "o3-mini",
          "claude-sonnet-4-5",
          "claude-haiku-4-5",
          "claude-opus-4-1",
          "gemini-2.5-flash",
          "gemini-2.5-pro",
          "gemini-2.0-flash",
          "mistral-large-latest",
          "mistral-small-latest",
          "deepseek-chat",
          "llama-3.3-70b",
          "in-house-llama");
  private static final List<String> EMBEDDING =
      List.of("text-embedding-3-small", "text-embedding-3-large");

  private final ModelPrices prices = new ModelPrices(DefaultPrices.rows());

  /** The earlier in the list the more often. */
  String chat(Random random) {
    double share = random.nextDouble();
    return CHAT.get((int) (share * share * CHAT.size()));
  }

  String embedding(Random random) {
    return EMBEDDING.get(random.nextInt(EMBEDDING.size()));
  }

  @Nullable Cost cost(GeneratedRun run) {
    return CostCalculator.cost(
        prices,
        new CostCalculator.Run(
            null,
            run.type,
            run.status,
            run.name,
            instant(run.startMicros),
            run.endMicros == null ? null : instant(run.endMicros),
            new TokenUsage(run.promptTokens, run.completionTokens, run.cachedTokens),
            run.input,
            run.output));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
