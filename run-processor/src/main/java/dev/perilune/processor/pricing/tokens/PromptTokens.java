package dev.perilune.processor.pricing.tokens;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of what a model was given, by the arithmetic that Lunary's users know: three for each
 * message, one for each role, three for the answer's opening, and a text form of the tools.
 */
public final class PromptTokens {
  private static final int PER_MESSAGE = 3;
  private static final int PER_ROLE = 1;
  private static final int PER_ANSWER = 3;

  private final TokenCounter counter;

  public PromptTokens(TokenCounter counter) {
    this.counter = counter;
  }

  /**
   * Counts an input.
   *
   * @param inputJson the run's input as JSON text
   * @param paramsJson the run's params as JSON text; its {@code functions}, else its {@code tools},
   *     count beside a list of messages
   * @return {@code null} if there is nothing to count: no input, {@code null}, {@code ""}, {@code
   *     0} or {@code false}
   */
  public @Nullable Integer of(
      @Nullable String inputJson, @Nullable String paramsJson, Encoding encoding) {
    if (inputJson == null) {
      return null;
    }
    TokenCounter.Tally tally = counter.tally(encoding);
    try (JsonParser parser = JsonText.parser(inputJson)) {
      JsonToken first = parser.nextToken();
      if (JsonText.isFalsy(parser)) {
        return null;
      }
      if (first == JsonToken.START_ARRAY) {
        addMessages(parser, tally);
        tally.add(ToolBlock.of(paramsJson));
        tally.addFixed(PER_ANSWER);
      } else {
        tally.add(JsonText.stored(parser));
      }
      return tally.total();
    } catch (IOException e) {
      return counter.tokensOf(inputJson, encoding); // not JSON, which only a damaged row can be
    }
  }

  private static void addMessages(JsonParser parser, TokenCounter.Tally tally) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      tally.addFixed(PER_MESSAGE);
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        tally.add(parser.getText());
      } else if (parser.currentToken().isStructStart()) {
        addEntries(parser, tally);
      }
    }
  }

  private static void addEntries(JsonParser parser, TokenCounter.Tally tally) throws IOException {
    while (!parser.nextToken().isStructEnd()) {
      if (parser.currentToken() == JsonToken.FIELD_NAME) {
        tally.addFixed("role".equals(parser.currentName()) ? PER_ROLE : 0);
        parser.nextToken();
      }
      tally.add(JsonText.storedPlainText(parser));
    }
  }
}
