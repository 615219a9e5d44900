package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.map.Keys.Key;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tags of a run: all that any convention tells. */
final class Tags {
  private Tags() {}

  static List<String> of(Attributes attributes) {
    Set<String> tags = new LinkedHashSet<>();
    for (Key key : GenAiKeys.TAGS.all()) {
      List<String> some = Coerce.list(attributes.get(key));
      if (some != null) {
        attributes.use(key.whole());
        tags.addAll(some);
      }
    }
    return new ArrayList<>(tags);
  }
}
