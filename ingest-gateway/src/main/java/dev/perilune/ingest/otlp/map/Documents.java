package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.ingest.otlp.decode.SpanEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents that a retriever found: id, score, content, metadata. */
final class Documents {
  private Documents() {}

  static @Nullable Object indexed(Attributes attributes, String prefix) {
    if (!attributes.hasPrefix(prefix)) {
      return null;
    }
    List<Object> documents = new ArrayList<>();
    for (Map<String, Object> element : DottedTree.elements(attributes.tree(prefix))) {
      if (element.get("document") instanceof Map<?, ?> document) {
        documents.add(withMetadata(Coerce.named(document)));
      }
    }
    return documents;
  }

  /** The same documents, with metadata that was written as JSON as what it says. */
  static @Nullable Object parsed(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    List<Object> documents = new ArrayList<>(list.size());
    for (Object element : list) {
      boolean isWritten = element instanceof Map<?, ?> map && map.get("metadata") instanceof String;
      if (isWritten) {
        Map<String, Object> document = new LinkedHashMap<>(Coerce.named((Map<?, ?>) element));
        document.computeIfPresent("metadata", (key, metadata) -> Coerce.json(metadata));
        documents.add(document);
      } else {
        documents.add(element);
      }
    }
    return documents;
  }

  static @Nullable Object ofEvents(SpanData span) {
    List<Object> documents = new ArrayList<>();
    for (SpanEvent event : span.events()) {
      if (TypeRules.RETRIEVER_EVENTS.contains(event.name())) {
        String prefix = event.name() + ".";
        Map<String, Object> document = new LinkedHashMap<>();
        event
            .attributes()
            .forEach(
                (key, value) ->
                    document.put(
                        key.startsWith(prefix) ? key.substring(prefix.length()) : key, value));
        documents.add(withMetadata(document));
      }
    }
    return documents;
  }

  private static Map<String, Object> withMetadata(Map<String, Object> sent) {
    Map<String, Object> document = new LinkedHashMap<>();
    for (String key : List.of("id", "score", "content")) {
      if (sent.get(key) != null) {
        document.put(key, sent.get(key));
      }
    }
    sent.forEach(document::putIfAbsent);
    document.computeIfPresent("metadata", (key, value) -> Coerce.json(value));
    return document;
  }
}
