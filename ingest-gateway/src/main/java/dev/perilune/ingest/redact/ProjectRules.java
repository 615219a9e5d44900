package dev.perilune.ingest.redact;

import dev.perilune.model.pii.PiiMask;
import dev.perilune.model.pii.PiiType;
import dev.perilune.runtime.rules.StoredRule;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one project does not want stored.
 *
 * @param hiding which events lose their content, null = none
 * @param mask for the texts of all events, null = none
 */
record ProjectRules(@Nullable HideRule hiding, @Nullable PiiMask mask) {

  static final ProjectRules NONE = new ProjectRules(null, null);

  /** For rules that nobody can read. */
  static final ProjectRules ALL_HIDDEN = new ProjectRules(new HideRule.Everything(), null);

  /**
   * Reads a project's rules.
   *
   * @throws IllegalArgumentException if one cannot be understood
   */
  static ProjectRules of(List<StoredRule> rules) {
    HideRule hiding = null;
    PiiMask mask = null;
    for (StoredRule rule : rules) {
      if (rule.filters().equals("null")) {
        continue;
      }
      if (rule.type().equals("filtering")) {
        hiding = HideRules.of(rule);
      } else if (rule.type().equals("masking")) {
        mask = mask(rule.filters());
      }
    }
    return new ProjectRules(hiding, mask);
  }

  boolean isEmpty() {
    return hiding == null && mask == null;
  }

  private static @Nullable PiiMask mask(String settings) {
    try {
      JsonObject json = new JsonObject(settings);
      return "ingestion".equals(json.getString("mode")) ? new PiiMask(types(json)) : null;
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("A masking rule must be an object", e);
    }
  }

  private static Set<PiiType> types(JsonObject json) {
    JsonArray named = json.getJsonArray("types");
    Set<PiiType> types = EnumSet.noneOf(PiiType.class);
    if (named != null) {
      named.forEach(name -> PiiType.of(String.valueOf(name)).ifPresent(types::add));
    }
    return types.isEmpty() ? EnumSet.allOf(PiiType.class) : types;
  }
}
