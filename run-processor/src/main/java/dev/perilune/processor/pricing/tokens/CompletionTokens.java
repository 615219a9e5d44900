package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tokens of what a model answered. */
public final class CompletionTokens {
  private final TokenCounter counter;

  public CompletionTokens(TokenCounter counter) {
    this.counter = counter;
  }

  /**
   * Counts an output: its {@code text} if it is an object that has one, else its whole JSON text,
   * quotes and roles included.
   *
   * @param outputJson the run's output as JSON text
   * @return {@code null} if there is nothing to count: no output, {@code null}, {@code ""}, {@code
   *     0} or {@code false}
   */
  public @Nullable Integer of(@Nullable String outputJson, Encoding encoding) {
    if (outputJson == null) {
      return null;
    }
    try (JsonParser parser = JsonText.parser(outputJson)) {
      JsonToken first = parser.nextToken();
      if (JsonText.isFalsy(parser)) {
        return null;
      }
      String text = first == JsonToken.START_OBJECT ? textMember(outputJson) : null;
      return counter.tokensOf(text != null ? text : JsonText.compact(parser), encoding);
    } catch (IOException e) {
      return counter.tokensOf(outputJson, encoding); // not JSON, which only a damaged row can be
    }
  }

  private static @Nullable String textMember(String objectJson) throws IOException {
    String text = null;
    try (JsonParser parser = JsonText.parser(objectJson)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isText = "text".equals(parser.currentName());
        parser.nextToken();
        if (isText) {
          text = JsonText.isFalsy(parser) ? null : JsonText.plainText(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
    return text;
  }
}
