package dev.perilune.ingest.otlp.map;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Attribute names of what becomes metadata: under names of ours, and what users note themselves.
 */
final class NotedKeys {
  /** Texts with a name of ours, whichever convention tells them. */
  static final Map<String, Keys> TEXTS =
      inOrder(
          Map.entry(
              "provider",
              Keys.of(
                  "gen_ai.provider.name",
                  "gen_ai.system",
                  "llm.provider",
                  "llm.system",
                  "ai.model.provider",
                  "mlflow.llm.provider",
                  "langsmith.metadata.ls_provider")),
          Map.entry("responseId", Keys.of("gen_ai.response.id", "ai.response.id")),
          Map.entry(
              "toolCallId",
              Keys.of(
                  "gen_ai.tool.call.id", "ai.toolCall.id", "tool.id", "spring.ai.tool.call.id")),
          Map.entry("toolDescription", Keys.of("gen_ai.tool.description", "tool.description")),
          Map.entry("toolType", Keys.of("gen_ai.tool.type")),
          Map.entry("agentId", Keys.of("gen_ai.agent.id")),
          Map.entry(
              "promptName",
              Keys.of(
                  "gen_ai.prompt.name",
                  "langfuse.observation.prompt.name",
                  "traceloop.prompt.key")),
          Map.entry(
              "promptVersion",
              Keys.of(
                  "gen_ai.prompt.version",
                  "langfuse.observation.prompt.version",
                  "traceloop.prompt.version",
                  "llm.prompt_template.version")),
          Map.entry("workflowName", Keys.of("traceloop.workflow.name", "gen_ai.workflow.name")),
          Map.entry(
              "environment",
              Keys.of(
                  "deployment.environment.name",
                  "deployment.environment",
                  "R:deployment.environment.name",
                  "R:deployment.environment",
                  "langfuse.environment",
                  "gen_ai.environment",
                  "R:langfuse.environment",
                  "R:gen_ai.environment")));

  static final Keys SERVICE = Keys.of("R:service.name");
  static final Keys SERVICE_VERSION = Keys.of("R:service.version");

  /** Names of ours, which users' own words never get, whether or not we have something to note. */
  static final Set<String> RESERVED =
      Set.of(
          "otelTraceId",
          "otelSpanId",
          "otelScope",
          "otelScopeVersion",
          "otelSpanKind",
          "otelSpanName",
          "otelTruncated",
          "otelDroppedAttributes",
          "serviceName",
          "serviceVersion",
          "environment",
          "provider",
          "responseModel",
          "responseId",
          "finishReasons",
          "operation",
          "threadId",
          "toolCallId",
          "toolDescription",
          "toolType",
          "agentId",
          "agentName",
          "timeToFirstToken",
          "reasoningTokens",
          "cacheCreationTokens",
          "audioPromptTokens",
          "audioCompletionTokens",
          "totalTokens",
          "reportedCost",
          "usagePromptTokens",
          "usageCompletionTokens",
          "promptName",
          "promptVersion",
          "workflowName");

  /** A map of what users noted for us; every entry becomes metadata under its own name. */
  static final String OWN_MAP = "lunary.metadata";

  /** The same, an attribute for each entry. */
  static final String OWN_PREFIX = "lunary.metadata.";

  /** Maps of what users noted for whichever tool. */
  static final List<String> MAPS =
      List.of("metadata", "langfuse.observation.metadata", "langfuse.trace.metadata");

  /** The same, an attribute for each entry. */
  static final List<String> PREFIXES =
      List.of(
          Keys.AI_METADATA.get(0),
          Keys.AI_METADATA.get(1),
          Keys.AI_METADATA.get(2),
          Keys.ASSOCIATION,
          "langfuse.observation.metadata.",
          "langfuse.trace.metadata.",
          "langsmith.metadata.",
          "mlflow.traceTag.");

  private NotedKeys() {}

  @SafeVarargs
  private static Map<String, Keys> inOrder(Map.Entry<String, Keys>... entries) {
    Map<String, Keys> map = new LinkedHashMap<>();
    for (Map.Entry<String, Keys> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableMap(map);
  }
}
