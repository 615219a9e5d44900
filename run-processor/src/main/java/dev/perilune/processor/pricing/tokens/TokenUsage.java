package dev.perilune.processor.pricing.tokens;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of a run.
 *
 * @param prompt everything that the model read, cached tokens included; {@code null} = unknown
 * @param completion what the model wrote; {@code null} = unknown
 * @param cachedPrompt the part of {@code prompt} that came from a cache, never more than it
 * @param promptCounted whether {@code prompt} was counted here, not reported
 * @param completionCounted whether {@code completion} was counted here, not reported
 */
public record TokenUsage(
    @Nullable Integer prompt,
    @Nullable Integer completion,
    int cachedPrompt,
    boolean promptCounted,
    boolean completionCounted) {

  public static final TokenUsage UNKNOWN = new TokenUsage(null, null, 0);

  /** Refuses negative counts; takes cached tokens beyond a known prompt as the whole prompt. */
  public TokenUsage {
    if (isNegative(prompt) || isNegative(completion) || cachedPrompt < 0) {
      throw new IllegalArgumentException(
          "Token counts must be 0 or more, were prompt %s, completion %s, cached %s"
              .formatted(prompt, completion, cachedPrompt));
    }
    cachedPrompt = prompt == null ? cachedPrompt : Math.min(cachedPrompt, prompt);
  }

  /** A usage of which nothing was counted here. */
  public TokenUsage(@Nullable Integer prompt, @Nullable Integer completion, int cachedPrompt) {
    this(prompt, completion, cachedPrompt, false, false);
  }

  private static boolean isNegative(@Nullable Integer count) {
    return count != null && count < 0;
  }
}
