package dev.perilune.ingest.otlp.map;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Attributes that are not kept as metadata though no rule has used them. */
final class Dropped {
  /** Contents and their parts, which a run has in its input and output. */
  private static final List<String> CONTENT_PREFIXES =
      List.of(
          "llm.input_messages.",
          "llm.output_messages.",
          "llm.prompts.",
          "llm.choices.",
          "llm.tools.",
          "llm.request.functions.",
          "gen_ai.tool.definitions.",
          "retrieval.documents.",
          "reranker.input_documents.",
          "reranker.output_documents.",
          "embedding.embeddings.");

  /** Counts that are read, and what only concerns the transport. */
  private static final List<String> OTHER_PREFIXES =
      List.of(
          "gen_ai.usage.",
          "gen_ai.aggregated_usage.",
          "llm.token_count.",
          "llm.usage.",
          "ai.usage.",
          "ai.request.headers.",
          "http.request.header.",
          "http.response.header.",
          "langfuse.internal.");

  private static final Set<String> NAMES =
      Set.of(
          "logfire.json_schema",
          "logfire.msg_template",
          "logfire.span_type",
          "logfire.pending_parent_id",
          "logfire.level_num",
          "logfire.tags",
          "model_request_parameters",
          "gen_ai.headers",
          "gen_ai.request.headers",
          "gen_ai.request.extra_headers",
          "gen_ai.request.extraHeaders",
          "llm.headers",
          "mlflow.traceRequestId",
          "mlflow.spanStartTimeNs",
          "mlflow.chat.tokenUsage",
          "langfuse.observation.usage_details",
          "operation.name",
          "resource.name",
          "ai.operationId",
          "ai.telemetry.functionId",
          "ai.response.providerMetadata",
          "request_data",
          "response_data",
          // a key, though it selects nothing
          "lunary.project_key",
          "lunary.projectKey");

  private static final List<String> SECRETS =
      List.of("authorization", "api_key", "api-key", "apikey", "cookie");

  /** Such common words that only the types which read them may claim them. */
  private static final Set<String> COMMON =
      Set.of("input", "output", "prompt", "events", "final_result", "db.query.text");

  private Dropped() {}

  static boolean isDropped(String key, String type) {
    return NAMES.contains(key)
        || isContent(key, type)
        || startsWithAny(key, OTHER_PREFIXES)
        || isSecret(key);
  }

  private static boolean isContent(String key, String type) {
    if (COMMON.contains(key)) {
      return key.equals("events") && TypeRules.LLM.equals(type)
          || ContentKeys.INPUTS.getOrDefault(type, List.of()).contains(key)
          || ContentKeys.OUTPUTS.getOrDefault(type, List.of()).contains(key);
    }
    return ContentKeys.NAMES.contains(key)
        || startsWithAny(key, CONTENT_PREFIXES)
        || isIndexed(key, "gen_ai.prompt.")
        || isIndexed(key, "gen_ai.completion.");
  }

  private static boolean startsWithAny(String key, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIndexed(String key, String prefix) {
    return key.startsWith(prefix)
        && key.length() > prefix.length()
        && Character.isDigit(key.charAt(prefix.length()));
  }

  /** Whether a name is that of a credential, whatever stands around it. */
  static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    for (String secret : SECRETS) {
      if (lower.contains(secret)) {
        return true;
      }
    }
    return false;
  }
}
