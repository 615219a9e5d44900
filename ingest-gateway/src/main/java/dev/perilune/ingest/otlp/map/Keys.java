package dev.perilune.ingest.otlp.map;

import java.util.ArrayList;
import java.util.List;

/**
 * Attribute names that tell the same thing, the most trusted first.
 *
 * <p>Short forms: {@code aimeta.x} stands for the three places where the Vercel AI SDK keeps what
 * its users add, {@code assoc.x} for OpenLLMetry's association properties. {@code P:x}, {@code U:x}
 * and {@code M:x} look into the maps of parameters, usage and provider metadata that some
 * attributes hold, {@code R:x} at the resource and then the scope.
 */
record Keys(List<String> names) {
  static final String ASSOCIATION = "traceloop.association.properties.";
  static final List<String> AI_METADATA =
      List.of("ai.telemetry.metadata.", "ai.settings.context.", "ai.settings.runtimeContext.");

  Keys {
    names = List.copyOf(names);
  }

  static Keys of(String... shortNames) {
    List<String> names = new ArrayList<>();
    for (String name : shortNames) {
      if (name.startsWith("aimeta.")) {
        AI_METADATA.forEach(prefix -> names.add(prefix + name.substring("aimeta.".length())));
      } else if (name.startsWith("assoc.")) {
        names.add(ASSOCIATION + name.substring("assoc.".length()));
      } else {
        names.add(name);
      }
    }
    return new Keys(names);
  }
}
