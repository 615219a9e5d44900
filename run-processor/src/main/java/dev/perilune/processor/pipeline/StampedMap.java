package dev.perilune.processor.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.perilune.model.Stamp;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A map in which the latest word on each key counts. Joining is order-free and repeatable. */
final class StampedMap {

  /** One word: a JSON text and when it was said. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"stamp", "json"})
  record Entry(Stamp stamp, String json) {}

  private final TreeMap<String, Entry> entries;

  StampedMap() {
    this(Map.of());
  }

  @JsonCreator
  StampedMap(Map<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
  }

  @JsonValue
  Map<String, Entry> entries() {
    return entries;
  }

  void put(Map<String, String> values, Stamp stamp) {
    values.forEach((key, json) -> put(key, new Entry(stamp, json)));
  }

  void join(StampedMap other) {
    other.entries.forEach(this::put);
  }

  private void put(String key, Entry entry) {
    entries.merge(key, entry, (old, given) -> given.stamp().isAfter(old.stamp()) ? given : old);
  }

  /** Forgets what was said before the given time. */
  void forgetBefore(Stamp stamp) {
    entries.values().removeIf(entry -> entry.stamp().isBefore(stamp));
  }

  /** The values by the time when they were said. */
  List<String> inOrder() {
    return entries.values().stream()
        .sorted(Comparator.comparing(Entry::stamp))
        .map(Entry::json)
        .toList();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Lays the words over a plain map of JSON texts. */
  void layOver(Map<String, String> plain) {
    entries.forEach((key, entry) -> plain.put(key, entry.json()));
  }
}
