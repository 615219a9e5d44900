package dev.perilune.ingest.otlp.map;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** With which parameters a model was called. */
final class Params {
  private record Param(
      String name, Keys keys, Function<@Nullable Object, @Nullable Object> coercion) {}

  private static final List<Param> PARAMS =
      List.of(
          number(
              "temperature",
              "gen_ai.request.temperature",
              "llm.temperature",
              "ai.settings.temperature",
              "P:temperature"),
          number("topP", "gen_ai.request.top_p", "llm.top_p", "ai.settings.topP", "P:top_p"),
          number("topK", "gen_ai.request.top_k", "llm.top_k", "ai.settings.topK", "P:top_k"),
          number(
              "maxTokens",
              "gen_ai.request.max_tokens",
              "gen_ai.request.max_completion_tokens",
              "ai.settings.maxOutputTokens",
              "ai.settings.maxTokens",
              "P:max_tokens",
              "P:max_completion_tokens",
              "P:max_output_tokens",
              "P:maxTokens"),
          number(
              "frequencyPenalty",
              "gen_ai.request.frequency_penalty",
              "llm.frequency_penalty",
              "ai.settings.frequencyPenalty",
              "P:frequency_penalty"),
          number(
              "presencePenalty",
              "gen_ai.request.presence_penalty",
              "llm.presence_penalty",
              "ai.settings.presencePenalty",
              "P:presence_penalty"),
          number(
              "seed",
              "gen_ai.request.seed",
              "gen_ai.openai.request.seed",
              "ai.settings.seed",
              "P:seed"),
          new Param(
              "stopSequences",
              Keys.of(
                  "gen_ai.request.stop_sequences",
                  "llm.chat.stop_sequences",
                  "ai.settings.stopSequences",
                  "P:stop",
                  "P:stop_sequences"),
              Coerce::list),
          number("n", "gen_ai.request.choice.count", "gen_ai.request.n", "P:n"),
          new Param(
              "stream",
              Keys.of(
                  "gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming", "P:stream"),
              Coerce::flag),
          any(
              "reasoningEffort",
              "gen_ai.request.reasoning.level",
              "gen_ai.request.reasoning_effort",
              "llm.request.reasoning_effort",
              "P:reasoning_effort"),
          any("toolChoice", "gen_ai.request.tool_choice", "ai.prompt.toolChoice", "P:tool_choice"),
          new Param(
              "responseFormat",
              Keys.of(
                  "gen_ai.output.type",
                  "gen_ai.openai.request.response_format",
                  "ai.schema",
                  "gen_ai.request.structured_output_schema",
                  "P:response_format"),
              Params::unusual),
          any(
              "serviceTier",
              "openai.request.service_tier",
              "gen_ai.openai.request.service_tier",
              "P:service_tier"),
          any("encodingFormats", "gen_ai.request.encoding_formats"),
          number(
              "dimensions",
              "gen_ai.embeddings.dimension.count",
              "gen_ai.request.embedding_dimension"));

  private static final Keys RETRIEVER_TOP_K =
      Keys.of("gen_ai.retrieval.top_k", "db.vector.query.top_k", "reranker.top_k");

  private static final String REQUEST = "gen_ai.request.";
  private static final String OUTPUT_TYPE = "gen_ai.output.type";
  private static final String TEXT = "text";

  /** Told elsewhere, or nobody's business: headers hold credentials. */
  private static final Set<String> NOT_PARAMS =
      Set.of(
          "model",
          "user",
          "tools",
          "functions",
          "headers",
          "extra_headers",
          "extraHeaders",
          "api_key",
          "structured_output_schema",
          "n",
          "choice.count",
          "stop",
          "max_output_tokens",
          "max_completion_tokens",
          "embedding_dimension");

  private Params() {}

  private static Param number(String name, String... keys) {
    return new Param(name, Keys.of(keys), Coerce::number);
  }

  private static Param any(String name, String... keys) {
    return new Param(name, Keys.of(keys), Coerce::json);
  }

  /** The format of an answer, where it is not plain text. */
  private static @Nullable Object unusual(@Nullable Object format) {
    return TEXT.equals(format) ? null : Coerce.json(format);
  }

  static Map<String, Object> of(String type, Attributes attributes) {
    Map<String, Object> params = new LinkedHashMap<>();
    switch (type) {
      case TypeRules.LLM, TypeRules.EMBED, TypeRules.AGENT -> fill(params, attributes);
      case TypeRules.RETRIEVER -> {
        Number topK = attributes.first(RETRIEVER_TOP_K, Coerce::number);
        if (topK != null) {
          params.put("topK", topK);
        }
      }
      default -> {
        // nothing that takes parameters
      }
    }
    return params;
  }

  private static void fill(Map<String, Object> params, Attributes attributes) {
    for (Param param : PARAMS) {
      Object value = attributes.first(param.keys, param.coercion);
      if (value != null) {
        params.put(param.name, value);
      }
    }
    if (TEXT.equals(attributes.get(OUTPUT_TYPE))) {
      attributes.use(OUTPUT_TYPE);
    }
    String operation = RunKind.vercelOperation(attributes);
    if (operation != null && operation.endsWith(".doStream")) {
      params.putIfAbsent("stream", true);
    }
    attributes.each(REQUEST, (key, value) -> other(params, attributes, key, value));
    attributes
        .side(SideMaps.PARAMS)
        .forEach(
            (key, value) -> {
              boolean isScalar = !(value instanceof Map) && !(value instanceof List);
              if (isScalar && value != null && !isNoParam(key)) {
                params.putIfAbsent(camelCase(key), value);
              }
            });
    Object tools = Tools.of(attributes);
    if (tools != null) {
      params.put("tools", tools);
    }
  }

  private static boolean isNoParam(String name) {
    return NOT_PARAMS.contains(name) || Dropped.isSecret(name);
  }

  private static void other(
      Map<String, Object> params, Attributes attributes, String key, Object value) {
    String name = key.substring(REQUEST.length());
    if (attributes.isUsed(key) || isNoParam(name)) {
      return;
    }
    attributes.use(key);
    params.putIfAbsent(camelCase(name), value);
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder(name.length());
    boolean upper = false;
    for (char c : name.toCharArray()) {
      if (c == '_' || c == '.' || c == '-') {
        upper = camel.length() > 0;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }
}
