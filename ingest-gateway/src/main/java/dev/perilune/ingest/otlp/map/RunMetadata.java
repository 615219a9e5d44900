package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a span beside its run's own fields: under names of ours what several conventions
 * tell, under their own names what users added, and under the attribute's whole name what no rule
 * knows.
 */
final class RunMetadata {
  private static final int MOST_LEFTOVERS = 128;
  private static final List<String> KINDS =
      List.of("", "", "server", "client", "producer", "consumer");

  private final SpanData span;
  private final Attributes attributes;
  private final Map<String, Object> all = new LinkedHashMap<>();
  private final Clip clip;
  private int leftovers;
  private long dropped;

  RunMetadata(SpanData span, Attributes attributes, Clip clip) {
    this.span = span;
    this.attributes = attributes;
    this.clip = clip;
    this.dropped = span.droppedAttributes();
  }

  /** For those who find more to note. */
  Map<String, Object> entries() {
    return all;
  }

  void noteOrigin(@Nullable String runName) {
    all.put("otelTraceId", span.traceId());
    all.put("otelSpanId", span.spanId());
    note("otelScope", span.source().scopeName());
    note("otelScopeVersion", span.source().scopeVersion());
    if (span.kind() > 1 && span.kind() < KINDS.size()) {
      all.put("otelSpanKind", KINDS.get(span.kind()));
    }
    if (!span.name().equals(runName)) {
      note("otelSpanName", span.name());
    }
    String service = attributes.text(NotedKeys.SERVICE);
    if (service != null && !service.startsWith("unknown_service")) {
      all.put("serviceName", service);
    }
    note("serviceVersion", attributes.text(NotedKeys.SERVICE_VERSION));
  }

  void noteKnown(String type, @Nullable String runName, List<String> finishReasons) {
    NotedKeys.TEXTS.forEach((name, keys) -> note(name, attributes.text(keys)));
    String responseModel = attributes.text(GenAiKeys.RESPONSE_MODEL);
    if (responseModel != null && !responseModel.equals(runName)) {
      all.put("responseModel", responseModel);
    }
    List<String> reasons = attributes.first(GenAiKeys.FINISH_REASONS, Coerce::list);
    note("finishReasons", reasons != null ? reasons : finishReasons);
    if (!attributes.isUsed(GenAiKeys.OPERATION)) {
      note("operation", attributes.text(Keys.of(GenAiKeys.OPERATION)));
    }
    String agent = Coerce.text(attributes.get("gen_ai.agent.name"));
    attributes.use("gen_ai.agent.name");
    if (!(TypeRules.AGENT.equals(type) && String.valueOf(agent).equals(runName))) {
      note("agentName", agent);
    }
    String thread = attributes.text(GenAiKeys.THREAD);
    String session = attributes.text(GenAiKeys.SESSION);
    note("threadId", thread != null ? thread : session);
    note("timeToFirstToken", FirstToken.millis(span, attributes));
    note("reportedCost", attributes.first(GenAiKeys.COST, RunMetadata::cost));
  }

  private static @Nullable Number cost(@Nullable Object value) {
    Map<String, Object> kinds = Coerce.map(value);
    if (kinds == null) {
      return Coerce.number(value);
    }
    Object total = kinds.get("total_cost");
    return Coerce.number(total != null ? total : kinds.get("total"));
  }

  /** What users noted themselves; it gives way to the names of ours. */
  void noteUsers() {
    // what is meant for us alone comes before what all tools read
    noteMap(NotedKeys.OWN_MAP);
    noteAll(NotedKeys.OWN_PREFIX);
    NotedKeys.MAPS.forEach(this::noteMap);
    NotedKeys.PREFIXES.forEach(this::noteAll);
  }

  private void noteMap(String key) {
    Map<String, Object> map = Coerce.map(attributes.get(key));
    if (map != null) {
      attributes.use(key);
      map.forEach((name, value) -> noteUsers(name, key + "." + name, value));
    }
  }

  private void noteAll(String prefix) {
    attributes.each(
        prefix,
        (key, value) -> {
          if (!attributes.isUsed(key)) {
            attributes.use(key);
            noteUsers(key.substring(prefix.length()), key, value);
          }
        });
  }

  private void noteUsers(String name, String wholeName, @Nullable Object value) {
    boolean isTaken = all.containsKey(name) || NotedKeys.RESERVED.contains(name);
    flat(isTaken ? wholeName : name, value);
  }

  void noteLeftovers(String type) {
    for (Map.Entry<String, Object> entry : attributes.own().entrySet()) {
      String key = entry.getKey();
      boolean isLeft = !attributes.isUsed(key) && !Coerce.isAbsent(entry.getValue());
      if (!isLeft || Dropped.isDropped(key, type)) {
        continue;
      }
      if (entry.getValue() instanceof Map<?, ?> map) {
        map.forEach((inner, value) -> noteLeftover(key + "." + inner, value));
      } else {
        noteLeftover(key, entry.getValue());
      }
    }
    if (dropped > 0) {
      all.put("otelDroppedAttributes", dropped);
    }
  }

  private void noteLeftover(String name, @Nullable Object value) {
    if (Coerce.isAbsent(value) || all.containsKey(name) || Dropped.isSecret(name)) {
      return;
    }
    if (leftovers == MOST_LEFTOVERS) {
      dropped++;
    } else {
      leftovers++;
      noteValue(name, value);
    }
  }

  private void flat(String name, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            if (!Dropped.isSecret(String.valueOf(key))) {
              noteValue(name + "." + key, inner);
            }
          });
    } else {
      noteValue(name, value);
    }
  }

  /** Metadata holds scalars and lists of them; anything else is kept as its JSON text. */
  private void noteValue(String name, @Nullable Object value) {
    boolean isPlain = !(value instanceof Map) && (!(value instanceof List<?> list) || isFlat(list));
    note(name, isPlain ? value : JsonText.of(value));
  }

  private static boolean isFlat(List<?> list) {
    return list.stream()
        .noneMatch(item -> item == null || item instanceof Map || item instanceof List);
  }

  private void note(String name, @Nullable Object value) {
    boolean isNoNumber = value instanceof Double number && !Double.isFinite(number);
    if (!Coerce.isAbsent(value) && !isNoNumber) {
      all.put(name, clip.note(value));
    }
  }
}
