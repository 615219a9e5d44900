package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what SDKs report about tokens into counts that mean the same whoever reported them. */
public final class UsageRules {
  private static final List<String> PROMPT_NAMES = List.of("prompt", "promptTokens");
  private static final List<String> COMPLETION_NAMES = List.of("completion", "completionTokens");
  private static final List<String> CACHED_NAMES = List.of("promptCached", "cachedPromptTokens");

  private static final String CACHE_READ = "cacheReadInputTokens";
  private static final String CACHE_CREATION = "cacheCreationInputTokens";

  private static final Pattern NUMBER =
      Pattern.compile("\\s*-?\\d{1,18}(?:\\.\\d{1,18})?(?:[eE][+-]?\\d{1,3})?\\s*");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private UsageRules() {}

  /**
   * Reads a reported {@code tokensUsage} object after key normalisation. Of each count the first
   * known name with a usable value holds.
   *
   * @param tokensUsage anything that came in its place; what is no object reports nothing
   * @param endMetadata JSON text of each metadata value of the run's end
   */
  public static TokenUsage read(JsonNode tokensUsage, Map<String, String> endMetadata) {
    return settle(
        first(tokensUsage, PROMPT_NAMES),
        first(tokensUsage, COMPLETION_NAMES),
        first(tokensUsage, CACHED_NAMES),
        endMetadata);
  }

  /**
   * Makes {@code prompt} the total that the model read. Anthropic reports cached tokens beside the
   * others, OpenAI among them; the former is known by more cached tokens than others or by its own
   * counts in the metadata of the end ({@code cacheReadInputTokens}, {@code
   * cacheCreationInputTokens}). Tokens written to the cache are read at full price, so only those
   * read from it count as cached where the two are told apart.
   *
   * @param prompt as reported, {@code null} = not reported; so the other two
   * @param endMetadata JSON text of each metadata value of the run's end
   */
  public static TokenUsage settle(
      @Nullable Integer prompt,
      @Nullable Integer completion,
      @Nullable Integer promptCached,
      Map<String, String> endMetadata) {
    Integer cacheRead = metadataCount(endMetadata, CACHE_READ);
    Integer cacheCreation = metadataCount(endMetadata, CACHE_CREATION);
    int beside = orZero(promptCached);
    boolean isBeside =
        cacheRead != null || cacheCreation != null || (prompt != null && beside > prompt);
    if (!isBeside || prompt == null) {
      return new TokenUsage(prompt, completion, beside);
    }
    if (promptCached == null) {
      beside = clamp((long) orZero(cacheRead) + orZero(cacheCreation));
    }
    int cached = cacheRead != null ? cacheRead : beside;
    return new TokenUsage(clamp((long) prompt + beside), completion, cached);
  }

  /**
   * A count as JSON: a number or its text, without its fraction, at most {@link Integer#MAX_VALUE}.
   *
   * @return {@code null} if it is neither, negative or not finite
   */
  public static @Nullable Integer count(JsonNode value) {
    double number = Double.NaN;
    if (value.isNumber()) {
      number = value.doubleValue();
    } else if (value.isTextual() && NUMBER.matcher(value.textValue()).matches()) {
      number = Double.parseDouble(value.textValue());
    }
    return Double.isFinite(number) && number >= 0 ? (int) number : null;
  }

  private static @Nullable Integer first(JsonNode usage, List<String> names) {
    for (String name : names) {
      Integer count = count(usage.path(name));
      if (count != null) {
        return count;
      }
    }
    return null;
  }

  private static @Nullable Integer metadataCount(Map<String, String> metadata, String name) {
    String json = metadata.get(name);
    try {
      return json == null ? null : count(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  private static int clamp(long count) {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }
}
