package dev.perilune.processor.pricing.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingTest {

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, O200K",
    "gpt-4o-2024-05-13, O200K",
    "openai/gpt-4o, O200K",
    "openrouter/openai/gpt-4.1-mini, O200K",
    "chatgpt-4o-latest, O200K",
    "gpt-4.5-preview, O200K",
    "gpt-5, O200K",
    "gpt-6, O200K",
    "o1-mini, O200K",
    "o3, O200K",
    "o4-mini, O200K",
    "groq/openai/gpt-oss-120b, O200K",
    "ft:gpt-4o-mini:acme::1, O200K",
    "ft:gpt-3.5-turbo:acme::1, CL100K",
    "ft:davinci-002, CL100K",
    "gpt-4, CL100K",
    "gpt-4-turbo, CL100K",
    "gpt-3.5-turbo, CL100K",
    "gpt-35-turbo-16k, CL100K",
    "text-embedding-3-large, CL100K",
    "davinci-002, CL100K",
    "anthropic/claude-o1-like, CL100K",
    "text-bison-001, CL100K",
    "something-else, CL100K",
    "text-davinci-003, P50K",
    "cushman-codex, P50K",
    "code-davinci-edit-001, P50K_EDIT",
    "davinci, R50K",
    "text-search-ada-doc-001, R50K",
    "gpt2, R50K",
    "gpt-2, R50K",
  })
  void aModelsNameTellsItsEncoding(String model, Encoding encoding) {
    assertEquals(encoding, Encoding.forModel(model));
  }

  @Test
  void noNameHasTheDefault() {
    assertEquals(Encoding.CL100K, Encoding.forModel(null));
    assertEquals(Encoding.CL100K, Encoding.forModel(""));
  }
}
