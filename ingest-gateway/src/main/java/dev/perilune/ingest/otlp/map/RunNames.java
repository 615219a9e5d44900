package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run is called: a model call by its model, everything else by what it does. */
final class RunNames {
  private static final Keys OWN = Keys.of("lunary.name");

  private static final Keys MODEL =
      Keys.of(
          "gen_ai.request.model",
          "llm.request.model_name",
          "ai.model.id",
          "embedding.model_name",
          "llm.model_name",
          "mlflow.llm.model",
          "langfuse.observation.model.name",
          "gen_ai.response.model",
          "llm.response.model_name",
          "ai.response.model",
          "P:model");

  private static final Keys LATE_MODEL = Keys.of("model_name", "langsmith.metadata.ls_model_name");

  /** Contents that may be a whole request or answer, which names its model. */
  private static final List<String> WITH_MODEL =
      List.of(
          "langfuse.observation.input",
          "gcp.vertex.agent.llm_request",
          "mlflow.spanInputs",
          "input.value",
          "traceloop.entity.input",
          "input",
          "langfuse.observation.output",
          "gcp.vertex.agent.llm_response",
          "response_data",
          "mlflow.spanOutputs",
          "output.value",
          "traceloop.entity.output",
          "output");

  private static final Keys AGENT =
      Keys.of(
          "gen_ai.agent.name",
          "agent_name",
          "agent.name",
          "ai.telemetry.functionId",
          "traceloop.entity.name",
          "gen_ai.workflow.name",
          "ai.operationId");

  private static final Keys TOOL =
      Keys.of(
          "gen_ai.tool.name",
          "ai.toolCall.name",
          "tool.name",
          "spring.ai.tool.definition.name",
          "traceloop.entity.name",
          "mlflow.spanFunctionName");

  private static final Keys RETRIEVER =
      Keys.of(
          "gen_ai.data_source.id",
          "traceloop.entity.name",
          "reranker.model_name",
          "db.collection.name");

  private static final Keys CHAIN =
      Keys.of(
          "traceloop.entity.name",
          "gen_ai.workflow.name",
          "ai.telemetry.functionId",
          "graph.node.name",
          GenAiKeys.LOGFIRE_MESSAGE,
          "span_name");

  private static final Map<String, List<String>> PREFIXES =
      Map.of(
          TypeRules.AGENT, List.of("invoke_agent ", "create_agent "),
          TypeRules.TOOL, List.of("execute_tool ", "running tool: "));

  private RunNames() {}

  static @Nullable String of(String type, SpanData span, Attributes attributes) {
    String own = attributes.text(OWN);
    if (own != null) {
      return own;
    }
    String known =
        switch (type) {
          case TypeRules.LLM, TypeRules.EMBED -> model(attributes);
          case TypeRules.AGENT -> attributes.text(AGENT);
          case TypeRules.TOOL -> attributes.text(TOOL);
          case TypeRules.RETRIEVER -> attributes.text(RETRIEVER);
          default -> attributes.text(CHAIN);
        };
    if (known != null) {
      return known;
    }
    String bare = bare(type, span.name());
    if (!bare.isEmpty()) {
      return bare;
    }
    return TypeRules.AGENT.equals(type)
        ? Objects.requireNonNullElse(Coerce.text(attributes.get("gen_ai.agent.id")), "Agent")
        : null;
  }

  private static String bare(String type, String spanName) {
    for (String prefix : PREFIXES.getOrDefault(type, List.of())) {
      if (spanName.startsWith(prefix)) {
        return spanName.substring(prefix.length());
      }
    }
    // the bare operation says nothing that the type does not
    return TypeRules.AGENT.equals(type) && spanName.equals("invoke_agent") ? "" : spanName;
  }

  private static @Nullable String model(Attributes attributes) {
    String model = attributes.text(MODEL);
    if (model != null) {
      return model;
    }
    String inside =
        WITH_MODEL.stream()
            .map(key -> Coerce.map(attributes.get(key)))
            .filter(Objects::nonNull)
            .map(map -> map.get("model") instanceof String name ? Coerce.text(name) : null)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return inside != null ? inside : attributes.text(LATE_MODEL);
  }
}
