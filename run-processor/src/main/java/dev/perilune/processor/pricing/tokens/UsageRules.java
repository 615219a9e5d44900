package dev.perilune.processor.pricing.tokens;

import dev.perilune.model.ReportedUsage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what SDKs report about tokens into counts that mean the same whoever reported them. */
public final class UsageRules {
  private static final String CACHE_READ = "cacheReadInputTokens";
  private static final String CACHE_CREATION = "cacheCreationInputTokens";

  private UsageRules() {}

  /**
   * Makes {@code prompt} the total that the model read. Anthropic reports cached tokens beside the
   * others, OpenAI among them; the former is known by more cached tokens than others or by its own
   * counts in the metadata of the end ({@value #CACHE_READ}, {@value #CACHE_CREATION}). What was
   * written to the cache is no saving, so where the two are told apart only what was read from it
   * counts as cached.
   *
   * @param endMetadata JSON text of each metadata value of the run's end
   */
  public static TokenUsage settle(
      @Nullable ReportedUsage reported, Map<String, String> endMetadata) {
    if (reported == null) {
      return TokenUsage.UNKNOWN;
    }
    Integer cacheRead = ReportedUsage.count(endMetadata.get(CACHE_READ));
    Integer cacheCreation = ReportedUsage.count(endMetadata.get(CACHE_CREATION));
    Integer prompt = reported.prompt();
    int beside = orZero(reported.promptCached());
    boolean isBeside = cacheRead != null || cacheCreation != null || beside > orZero(prompt);
    if (!isBeside || prompt == null) {
      return new TokenUsage(prompt, reported.completion(), beside);
    }
    if (reported.promptCached() == null) {
      beside = clamp((long) orZero(cacheRead) + orZero(cacheCreation));
    }
    int cached = cacheRead != null ? cacheRead : beside;
    return new TokenUsage(clamp((long) prompt + beside), reported.completion(), cached);
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  private static int clamp(long count) {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }
}
