package dev.perilune.model.wire;

import dev.perilune.model.RunEvent;
import dev.perilune.model.Stamp;
import dev.perilune.model.UserReport;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what a score says. */
final class ScoreFields {
  private ScoreFields() {}

  /** A score without a label or a value says nothing. */
  static RunEvent event(
      UUID run, Stamp stamp, Map<String, String> fields, @Nullable UserReport user) {
    String label = Metadata.text(fields.get("label"));
    String value = fields.get("value");
    if (label == null || label.isEmpty() || value == null || !isScalar(value)) {
      return new RunEvent.Noticed(stamp, user);
    }
    String comment = Metadata.text(fields.get("comment"));
    return new RunEvent.Scored(
        run, stamp, WireText.indexable(label), JsonbSafe.of(value), comment, user);
  }

  private static boolean isScalar(String json) {
    return !json.equals("null") && !json.startsWith("{") && !json.startsWith("[");
  }
}
