package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what type of run a span is: the first rule that can tell. */
final class RunKind {
  private static final List<Function<RunKind, @Nullable String>> RULES =
      List.of(
          kind -> kind.own(),
          kind -> kind.openInference(),
          kind -> kind.table(GenAiKeys.MLFLOW_TYPE, TypeRules.MLFLOW),
          kind -> kind.table("langfuse.observation.type", TypeRules.LANGFUSE),
          kind -> kind.vercel(),
          kind -> kind.table(GenAiKeys.OPERATION, TypeRules.OPERATIONS),
          kind -> kind.table("langsmith.span.kind", TypeRules.LANGSMITH),
          kind -> kind.traceloop(),
          kind -> kind.table("llm.request.type", TypeRules.REQUEST_TYPES),
          kind -> kind.table("spring.ai.kind", TypeRules.SPRING),
          kind -> kind.tool(),
          kind -> kind.agent(),
          kind -> kind.retriever(),
          kind -> kind.modelCall(),
          kind ->
              kind.attributes.has("gen_ai.agent.name") || kind.attributes.has("gen_ai.agent.id")
                  ? TypeRules.AGENT
                  : null);

  private final SpanData span;
  private final Attributes attributes;

  private RunKind(SpanData span, Attributes attributes) {
    this.span = span;
    this.attributes = attributes;
  }

  static String of(SpanData span, Attributes attributes) {
    RunKind kind = new RunKind(span, attributes);
    for (Function<RunKind, @Nullable String> rule : RULES) {
      String type = rule.apply(kind);
      if (type != null) {
        return type;
      }
    }
    return TypeRules.CHAIN;
  }

  private @Nullable String own() {
    String type = Coerce.text(attributes.get("lunary.type"));
    if (type == null || !TypeRules.TYPES.contains(type)) {
      return null;
    }
    attributes.use("lunary.type");
    return type;
  }

  private @Nullable String openInference() {
    String kind = Coerce.text(attributes.get("openinference.span.kind"));
    if (kind == null) {
      return null;
    }
    attributes.use("openinference.span.kind");
    return TypeRules.OPENINFERENCE.getOrDefault(kind.toUpperCase(Locale.ROOT), TypeRules.CHAIN);
  }

  private @Nullable String table(String key, Map<String, String> types) {
    String value = Coerce.text(attributes.get(key));
    String type = value == null ? null : types.get(value);
    if (type != null) {
      attributes.use(key);
    }
    return type;
  }

  private @Nullable String vercel() {
    String operation = vercelOperation(attributes);
    if (operation == null) {
      return null;
    }
    if (operation.endsWith(".doGenerate") || operation.endsWith(".doStream")) {
      return TypeRules.LLM;
    }
    return operation.endsWith(".doEmbed")
        ? TypeRules.EMBED
        : TypeRules.VERCEL.getOrDefault(operation, TypeRules.CHAIN);
  }

  /** Such as {@code ai.generateText.doGenerate}; null for spans of other libraries. */
  static @Nullable String vercelOperation(Attributes attributes) {
    String operation = Coerce.text(attributes.get("ai.operationId"));
    if (operation != null) {
      return operation;
    }
    String name = Coerce.text(attributes.get("operation.name"));
    return name != null && name.startsWith("ai.") ? name.split(" ", 2)[0] : null;
  }

  private @Nullable String traceloop() {
    String kind = Coerce.text(attributes.get("traceloop.span.kind"));
    boolean isOwn = TypeRules.AGENT.equals(kind) || TypeRules.TOOL.equals(kind);
    if (kind == null || !isOwn && isModelCall()) {
      return null;
    }
    attributes.use("traceloop.span.kind");
    return isOwn ? kind : TypeRules.CHAIN;
  }

  private @Nullable String tool() {
    boolean isTool =
        attributes.hasAny(TypeRules.TOOL_EVIDENCE)
            || "tools/call".equals(attributes.get("mcp.method.name"));
    return isTool ? TypeRules.TOOL : null;
  }

  private @Nullable String agent() {
    boolean isAgent =
        attributes.hasAny(TypeRules.AGENT_EVIDENCE)
            || span.name().equals("agent run")
            || span.name().startsWith("invoke_agent")
            || span.name().startsWith("agent_run");
    return isAgent ? TypeRules.AGENT : null;
  }

  private @Nullable String retriever() {
    boolean isRetriever =
        attributes.hasAny(TypeRules.RETRIEVER_EVIDENCE)
            || attributes.hasPrefix("retrieval.documents.")
            || span.events().stream()
                .anyMatch(event -> TypeRules.RETRIEVER_EVENTS.contains(event.name()));
    return isRetriever ? TypeRules.RETRIEVER : null;
  }

  private @Nullable String modelCall() {
    boolean isEmbedding =
        attributes.hasAny(TypeRules.EMBED_EVIDENCE) || span.name().startsWith("embeddings");
    boolean isCall = isModelCall() || attributes.hasAny(TypeRules.EMBED_EVIDENCE);
    return !isCall ? null : isEmbedding ? TypeRules.EMBED : TypeRules.LLM;
  }

  private boolean isModelCall() {
    return isModelCall(span, attributes);
  }

  /** Whether anything speaks of a call of a model. */
  static boolean isModelCall(SpanData span, Attributes attributes) {
    if (attributes.hasAny(TypeRules.MODELS) || hasModelPrefix(attributes)) {
      return true;
    }
    Map<String, Object> request = Coerce.map(attributes.get("request_data"));
    return request != null && request.containsKey("model")
        || span.events().stream().anyMatch(event -> MessageEvents.isMessage(event.name()));
  }

  private static boolean hasModelPrefix(Attributes attributes) {
    for (String prefix : TypeRules.MODEL_CALL_PREFIXES) {
      if (attributes.hasPrefix(prefix)) {
        return true;
      }
    }
    return false;
  }
}
