package dev.perilune.ingest.otlp.map;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model call used, in kinds that don't overlap where they are priced: {@code cached} is a
 * part of {@code prompt}, and reasoning a part of {@code completion}.
 */
record TokenCounts(
    @Nullable Integer prompt, @Nullable Integer completion, @Nullable Integer cached) {

  private static final TokenCounts NONE = new TokenCounts(null, null, null);

  /**
   * Reads the counts; kinds that have no place of their own go into the metadata.
   *
   * @param type of the run; only calls have counts, what others say is the sum of their calls
   */
  static TokenCounts of(String type, Attributes attributes, Map<String, Object> metadata) {
    Integer prompt = attributes.first(GenAiKeys.PROMPT_TOKENS, Coerce::count);
    Integer completion = attributes.first(GenAiKeys.COMPLETION_TOKENS, Coerce::count);
    if (!TypeRules.LLM.equals(type) && !TypeRules.EMBED.equals(type)) {
      Integer promptSum = attributes.first(GenAiKeys.SUM_PROMPT_TOKENS, Coerce::count);
      Integer completionSum = attributes.first(GenAiKeys.SUM_COMPLETION_TOKENS, Coerce::count);
      note(metadata, "usagePromptTokens", prompt != null ? prompt : promptSum);
      note(metadata, "usageCompletionTokens", completion != null ? completion : completionSum);
      return NONE;
    }
    Integer cached = attributes.first(GenAiKeys.CACHED_TOKENS, Coerce::count);
    Integer written = attributes.first(GenAiKeys.CACHE_WRITTEN_TOKENS, Coerce::count);
    Integer total = attributes.first(GenAiKeys.TOTAL_TOKENS, Coerce::count);
    note(metadata, "cacheCreationTokens", written);
    note(metadata, "reasoningTokens", attributes.first(GenAiKeys.REASONING_TOKENS, Coerce::count));
    note(
        metadata,
        "audioPromptTokens",
        attributes.first(GenAiKeys.AUDIO_PROMPT_TOKENS, Coerce::count));
    note(
        metadata,
        "audioCompletionTokens",
        attributes.first(GenAiKeys.AUDIO_COMPLETION_TOKENS, Coerce::count));
    note(metadata, "totalTokens", total);
    return new TokenCounts(prompt, completion, cached).inferred(total).joined(written);
  }

  /** What one side lacks, the total may tell. */
  private TokenCounts inferred(@Nullable Integer total) {
    if (total == null || (prompt == null) == (completion == null)) {
      return this;
    }
    return prompt == null
        ? new TokenCounts(Math.max(0, total - completion), completion, cached)
        : new TokenCounts(prompt, Math.max(0, total - prompt), cached);
  }

  /** More cached tokens than others: the sender counted them beside the prompt, not in it. */
  private TokenCounts joined(@Nullable Integer written) {
    if (cached == null || prompt == null || cached <= prompt) {
      return this;
    }
    long all = (long) prompt + cached + (written == null ? 0 : written);
    return new TokenCounts((int) Math.min(Integer.MAX_VALUE, all), completion, cached);
  }

  private static void note(Map<String, Object> metadata, String name, @Nullable Integer count) {
    if (count != null) {
      metadata.put(name, count);
    }
  }
}
