package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was embedded, and how many vectors came of it; never the vectors. */
final class Embeddings {
  private static final String PREFIX = "embedding.embeddings.";

  private Embeddings() {}

  static @Nullable Object texts(Attributes attributes) {
    List<Object> texts = new ArrayList<>();
    if (attributes.hasPrefix(PREFIX)) {
      for (Map<String, Object> element : DottedTree.elements(attributes.tree(PREFIX))) {
        texts.add(DottedTree.find(element, "embedding.text"));
      }
    }
    texts.removeIf(text -> text == null);
    return oneOrAll(texts);
  }

  /** Each value is JSON by itself. */
  static @Nullable Object aiValues(Attributes attributes) {
    Object one = Coerce.anyJson(attributes.get("ai.value"));
    if (one != null) {
      return one;
    }
    List<Object> values = new ArrayList<>();
    if (Coerce.json(attributes.get("ai.values")) instanceof List<?> list) {
      list.forEach(value -> values.add(Coerce.anyJson(value)));
    }
    return oneOrAll(values);
  }

  /** The texts of messages, without who said them. */
  static @Nullable Object contents(@Nullable Object messages) {
    List<Object> contents = new ArrayList<>();
    if (messages instanceof List<?> list) {
      for (Object message : list) {
        if (message instanceof Map<?, ?> map && map.get("content") != null) {
          contents.add(map.get("content"));
        }
      }
    }
    return oneOrAll(contents);
  }

  private static @Nullable Object oneOrAll(List<Object> values) {
    return values.isEmpty() ? null : values.size() == 1 ? values.get(0) : values;
  }

  static @Nullable Object vectors(Attributes attributes) {
    List<Object> vectors = new ArrayList<>();
    if (attributes.hasPrefix(PREFIX)) {
      for (Map<String, Object> element : DottedTree.elements(attributes.tree(PREFIX))) {
        vectors.add(DottedTree.find(element, "embedding.vector"));
      }
    }
    add(vectors, attributes.get("ai.embedding"), true);
    add(vectors, attributes.get("ai.embeddings"), false);
    if (attributes.get("mlflow.spanOutputs") instanceof Map<?, ?> output
        && output.get("data") instanceof List<?> data) {
      data.forEach(item -> vectors.add(DottedTree.find(item, "embedding")));
    } else {
      add(vectors, attributes.get("mlflow.spanOutputs"), false);
    }
    vectors.removeIf(vector -> vector == null);
    if (vectors.isEmpty()) {
      return null;
    }
    Object first = Coerce.json(vectors.get(0));
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("vectors", vectors.size());
    if (first instanceof List<?> numbers) {
      sizes.put("dimensions", numbers.size());
    }
    return sizes;
  }

  private static void add(List<Object> vectors, @Nullable Object sent, boolean isOne) {
    Object value = Coerce.json(sent);
    if (isOne && value != null) {
      vectors.add(value);
    } else if (value instanceof List<?> list) {
      vectors.addAll(list);
    }
  }
}
