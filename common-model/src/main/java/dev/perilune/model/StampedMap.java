package dev.perilune.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A map in which the latest word on each key counts. Joining is order-free and repeatable. */
public final class StampedMap {

  /** One word: a JSON text and when it was said. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"stamp", "json"})
  record Entry(Stamp stamp, String json) {}

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectReader READER = MAPPER.readerFor(StampedMap.class);
  private static final ObjectWriter WRITER = MAPPER.writerFor(StampedMap.class);

  private final TreeMap<String, Entry> entries;

  public StampedMap() {
    this(Map.of());
  }

  @JsonCreator
  StampedMap(Map<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
  }

  /** Reads the stored form; {@code null} is a map without words. */
  public static StampedMap parse(@Nullable String json) {
    try {
      return json == null ? new StampedMap() : READER.readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored words can't be read: " + json, e);
    }
  }

  /** The form that is stored; {@code null} without words. */
  public @Nullable String json() {
    try {
      return isEmpty() ? null : WRITER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Words can't be written", e);
    }
  }

  @JsonValue
  Map<String, Entry> entries() {
    return entries;
  }

  public void put(Map<String, String> values, Stamp stamp) {
    values.forEach((key, json) -> put(key, new Entry(stamp, json)));
  }

  /**
   * Says something now: it counts even where a clock that is ahead gave what is there.
   *
   * @return what was said, with its time
   */
  public StampedMap say(Map<String, String> values, long nowMicros) {
    StampedMap said = new StampedMap();
    values.forEach(
        (key, json) -> {
          Entry last = entries.get(key);
          long at = last == null ? nowMicros : Math.max(nowMicros, last.stamp().atMicros() + 1);
          said.put(Map.of(key, json), new Stamp(at, 0, 0));
        });
    join(said);
    return said;
  }

  public void join(StampedMap other) {
    other.entries.forEach(this::put);
  }

  private void put(String key, Entry entry) {
    entries.merge(key, entry, (old, given) -> given.stamp().isAfter(old.stamp()) ? given : old);
  }

  /** Forgets what was said before the given time. */
  public void forgetBefore(Stamp stamp) {
    entries.values().removeIf(entry -> entry.stamp().isBefore(stamp));
  }

  /** The values by the time when they were said. */
  public List<String> inOrder() {
    return inOrder(key -> 0);
  }

  /** The values by a rank that their keys tell, and those of one rank by their time. */
  public List<String> inOrder(ToIntFunction<String> rank) {
    return entries.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Entry>>comparingInt(
                    entry -> rank.applyAsInt(entry.getKey()))
                .thenComparing(entry -> entry.getValue().stamp()))
        .map(entry -> entry.getValue().json())
        .toList();
  }

  /** The same keys and times, with this value for each. */
  public StampedMap withAll(String json) {
    StampedMap other = new StampedMap();
    entries.forEach((key, entry) -> other.put(key, new Entry(entry.stamp(), json)));
    return other;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The JSON text that counts for this key; {@code null} if nothing was said about it. */
  public @Nullable String get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.json();
  }

  /** Takes the keys that something was said about out of a plain map. */
  public void removeFrom(Map<String, String> plain) {
    plain.keySet().removeAll(entries.keySet());
  }

  /** Lays the words over a plain map of JSON texts. */
  public void layOver(Map<String, String> plain) {
    entries.forEach((key, entry) -> plain.put(key, entry.json()));
  }
}
