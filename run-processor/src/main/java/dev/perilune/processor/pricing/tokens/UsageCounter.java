package dev.perilune.processor.pricing.tokens;

import org.jspecify.annotations.Nullable;

/** Counts what was not reported. */
public final class UsageCounter {
  private final PromptTokens promptTokens;
  private final CompletionTokens completionTokens;

  public UsageCounter(TokenCounter counter) {
    promptTokens = new PromptTokens(counter);
    completionTokens = new CompletionTokens(counter);
  }

  /**
   * Completes the usage of a model call that has ended: a side that is unknown or 0 is counted, the
   * other stays as it is. A side without text to count stays too.
   *
   * @param model the run's name
   * @param inputJson stored input, JSON text; so the other two
   */
  public TokenUsage complete(
      TokenUsage reported,
      @Nullable String model,
      @Nullable String inputJson,
      @Nullable String outputJson,
      @Nullable String paramsJson) {
    Encoding encoding = Encoding.forModel(model);
    Integer prompt =
        isKnown(reported.prompt()) ? null : promptTokens.of(inputJson, paramsJson, encoding);
    Integer completion =
        isKnown(reported.completion()) ? null : completionTokens.of(outputJson, encoding);
    return new TokenUsage(
        prompt != null ? prompt : reported.prompt(),
        completion != null ? completion : reported.completion(),
        reported.cachedPrompt(),
        prompt != null,
        completion != null);
  }

  private static boolean isKnown(@Nullable Integer count) {
    return count != null && count > 0;
  }
}
