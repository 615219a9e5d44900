package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Attribute names that tell the same thing, the most trusted first.
 *
 * <p>Short forms: {@code aimeta.x} stands for the three places where the Vercel AI SDK keeps what
 * its users add, {@code assoc.x} for OpenLLMetry's association properties. {@code P:x}, {@code U:x}
 * and {@code M:x} look into the maps of parameters, usage and provider metadata that some
 * attributes hold, {@code R:x} at the resource and then the scope.
 */
record Keys(List<Key> all) {
  static final String ASSOCIATION = "traceloop.association.properties.";
  static final List<String> AI_METADATA =
      List.of("ai.telemetry.metadata.", "ai.settings.context.", "ai.settings.runtimeContext.");

  private static final char OWN = 0;

  Keys {
    all = List.copyOf(all);
  }

  /**
   * One name.
   *
   * @param whole with the letter of its place
   * @param place where to look, 0 for the span's own attributes
   * @param name in that place
   * @param bit see {@link #bit(String)}
   */
  record Key(String whole, char place, String name, long bit) {
    static Key of(String whole) {
      boolean isAside = whole.length() > 2 && whole.charAt(1) == ':';
      return isAside
          ? new Key(whole, whole.charAt(0), whole.substring(2), 0)
          : new Key(whole, OWN, whole, Keys.bit(whole));
    }

    boolean isOwn() {
      return place == OWN;
    }
  }

  /** One of 64 bits; a set of names that lacks a name's bit lacks the name. */
  static long bit(String name) {
    int hash = name.hashCode();
    return 1L << (hash ^ hash >>> 16);
  }

  /** The same names, looked for at the resource and the scope too where the span has none. */
  Keys alsoAtSource() {
    Set<Key> keys = new LinkedHashSet<>(all);
    for (Key key : all) {
      if (key.isOwn()) {
        keys.add(Key.of("R:" + key.name()));
      }
    }
    return new Keys(List.copyOf(keys));
  }

  static Keys of(String... shortNames) {
    List<Key> keys = new ArrayList<>();
    for (String name : shortNames) {
      if (name.startsWith("aimeta.")) {
        AI_METADATA.forEach(
            prefix -> keys.add(Key.of(prefix + name.substring("aimeta.".length()))));
      } else if (name.startsWith("assoc.")) {
        keys.add(Key.of(ASSOCIATION + name.substring("assoc.".length())));
      } else {
        keys.add(Key.of(name));
      }
    }
    return new Keys(keys);
  }
}
