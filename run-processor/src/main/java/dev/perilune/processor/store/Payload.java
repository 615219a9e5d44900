package dev.perilune.processor.store;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** New values for the wide row of a run; parts that are not set stay as they are stored. */
public final class Payload {
  /** The columns. */
  public enum Part {
    INPUT,
    OUTPUT,
    ERROR,
    PARAMS
  }

  private final Map<Part, @Nullable String> values = new EnumMap<>(Part.class);

  /** Sets a part to a JSON text, or to nothing. */
  public void set(Part part, @Nullable String json) {
    values.put(part, json);
  }

  /** Whether the part gets a new value. */
  public boolean isSet(Part part) {
    return values.containsKey(part);
  }

  /** Returns the new value; {@code null} if there is none or it is nothing. */
  public @Nullable String get(Part part) {
    return values.get(part);
  }
}
