package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.Items;
import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.decode.SpanEvent;
import dev.perilune.ingest.otlp.decode.Undecodable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leaves spans out that no convention for language models speaks of, such as those of HTTP clients
 * and databases. What is below one of them goes below the nearest span that stays. That is looked
 * for in the same request: below a span that another request left out, it is a root.
 */
public final class Noise {
  private static final List<String> PREFIXES =
      List.of(
          "gen_ai.",
          "llm.",
          "lunary.",
          "ai.",
          "openinference.",
          "traceloop.",
          "mlflow.",
          "langfuse.",
          "langsmith.",
          "embedding.",
          "retrieval.",
          "reranker.",
          "pydantic_ai.",
          "spring.ai.",
          "tool.",
          "mcp.",
          "db.vector.",
          "gcp.vertex.agent.",
          "lk.");

  private static final Set<String> NAMES =
      Set.of(
          "input.value",
          "output.value",
          "agent_name",
          "agent.name",
          "model_name",
          "tool_arguments",
          "tool_response",
          "tool_output",
          "final_result",
          "all_messages_events",
          "request_data",
          "response_data");

  private Noise() {}

  /** The spans that stay; each of the others is decoded once, to be looked at. */
  public static Items<SpanData> leftOutOf(Items<SpanData> all) throws Undecodable {
    List<Integer> kept = new ArrayList<>();
    Map<String, String> parents = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      SpanData span = all.get(i);
      if (isNoise(span)) {
        parents.put(key(span, span.spanId()), span.parentId());
      } else {
        kept.add(i);
      }
    }
    return parents.isEmpty() ? all : new Rest(all, kept, parents);
  }

  /** A span with a fault stays, so that it is rejected as it would be. */
  private static boolean isNoise(SpanData span) {
    return SpanTranslator.isTraceable(span)
        && span.attributes().keySet().stream().noneMatch(Noise::isOurs)
        && span.events().stream().noneMatch(Noise::isOurs);
  }

  private static boolean isOurs(String attribute) {
    return NAMES.contains(attribute) || PREFIXES.stream().anyMatch(attribute::startsWith);
  }

  private static boolean isOurs(SpanEvent event) {
    return TypeRules.RETRIEVER_EVENTS.contains(event.name())
        || event.name().startsWith("gen_ai.")
        || event.attributes().keySet().stream().anyMatch(Noise::isOurs);
  }

  private static String key(SpanData span, String spanId) {
    return span.traceId() + spanId;
  }

  /** What stays of a request. */
  private record Rest(Items<SpanData> all, List<Integer> kept, Map<String, String> parents)
      implements Items<SpanData> {

    @Override
    public int size() {
      return kept.size();
    }

    @Override
    public SpanData get(int index) throws Undecodable {
      SpanData span = all.get(kept.get(index));
      String parent = span.parentId();
      // spans that are each other's parents end when all were asked
      for (int i = 0; i < parents.size(); i++) {
        String above = parents.get(key(span, parent));
        if (above == null) {
          break;
        }
        parent = above;
      }
      return parent.equals(span.parentId()) ? span : span.below(parent);
    }
  }
}
