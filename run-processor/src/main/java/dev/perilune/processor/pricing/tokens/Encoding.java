package dev.perilune.processor.pricing.tokens;

import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a family of models cuts text into tokens. */
public enum Encoding {
  /** Also stands for the encoding of GPT-2, which gives the same counts. */
  R50K(EncodingType.R50K_BASE),
  P50K(EncodingType.P50K_BASE),
  P50K_EDIT(EncodingType.P50K_EDIT),
  /** The default: models that nothing better is known for, and all of Anthropic's. */
  CL100K(EncodingType.CL100K_BASE),
  O200K(EncodingType.O200K_BASE);

  private static final Pattern VENDOR_PREFIX = Pattern.compile("^(?:[\\w.-]+/)+");

  /** Longer names are no model names; they get the default without a look. */
  private static final int LONGEST_NAME = 512;

  private static final Map<Encoding, Set<String>> EXACT_NAMES =
      Map.of(
          R50K,
          Set.of(
              "text-davinci-001",
              "text-curie-001",
              "text-babbage-001",
              "text-ada-001",
              "davinci",
              "curie",
              "babbage",
              "ada",
              "text-similarity-davinci-001",
              "text-similarity-curie-001",
              "text-similarity-babbage-001",
              "text-similarity-ada-001",
              "text-search-davinci-doc-001",
              "text-search-curie-doc-001",
              "text-search-babbage-doc-001",
              "text-search-ada-doc-001",
              "code-search-babbage-code-001",
              "code-search-ada-code-001",
              "gpt2",
              "gpt-2"),
          P50K,
          Set.of(
              "text-davinci-002",
              "text-davinci-003",
              "code-davinci-001",
              "code-davinci-002",
              "code-cushman-001",
              "code-cushman-002",
              "davinci-codex",
              "cushman-codex"),
          P50K_EDIT,
          Set.of("text-davinci-edit-001", "code-davinci-edit-001"));

  private static final List<String> O200K_PREFIXES =
      List.of(
          "gpt-4o",
          "chatgpt-4o",
          "gpt-4.1",
          "gpt-4.5",
          "gpt-5",
          "gpt-6",
          "gpt-oss",
          "o1",
          "o3",
          "o4",
          "ft:gpt-4o");

  private final EncodingType type;

  Encoding(EncodingType type) {
    this.type = type;
  }

  /**
   * The encoding of a model. Vendor prefixes ({@code openai/gpt-4o}) and the case of letters do not
   * matter.
   */
  public static Encoding forModel(@Nullable String model) {
    if (model == null || model.length() > LONGEST_NAME) {
      return CL100K;
    }
    String name = VENDOR_PREFIX.matcher(model.toLowerCase(Locale.ROOT)).replaceFirst("");
    if (name.contains("claude")) {
      return CL100K;
    }
    for (Map.Entry<Encoding, Set<String>> names : EXACT_NAMES.entrySet()) {
      if (names.getValue().contains(name)) {
        return names.getKey();
      }
    }
    return O200K_PREFIXES.stream().anyMatch(name::startsWith) ? O200K : CL100K;
  }

  EncodingType type() {
    return type;
  }
}
