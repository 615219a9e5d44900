package dev.perilune.ingest.redact;

import dev.perilune.runtime.rules.StoredRule;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads filter logic such as {@code ["AND", {"id":"tags","params":{"tags":["secret"]}}]} as a rule
 * of what to hide. Leaves that say nothing about an event that has just arrived (status, cost) are
 * left out, and so are groups without leaves: what cannot be asked must not hide everything.
 */
final class HideRules {
  private static final int DEEPEST = 20;

  private HideRules() {}

  /**
   * Returns the rule, or null if it can never hide anything.
   *
   * @throws IllegalArgumentException if the filters are no filter logic
   */
  static @Nullable HideRule of(StoredRule rule) {
    try {
      return group(new JsonArray(rule.filters()), rule.users(), 0);
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException("Filters must be a list of conditions", e);
    }
  }

  private static @Nullable HideRule group(JsonArray logic, Map<String, String> users, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("Filters nest deeper than %d levels".formatted(DEEPEST));
    }
    List<HideRule> rules = new ArrayList<>();
    for (Object element : logic) {
      HideRule rule =
          element instanceof JsonArray nested
              ? group(nested, users, depth + 1)
              : element instanceof JsonObject leaf ? leaf(leaf, users) : null;
      if (rule != null) {
        rules.add(rule);
      }
    }
    if (rules.isEmpty()) {
      return null;
    }
    boolean isOr = logic.getValue(0) instanceof String word && word.equalsIgnoreCase("OR");
    return isOr ? new HideRule.All(List.copyOf(rules)) : new HideRule.Any(List.copyOf(rules));
  }

  private static @Nullable HideRule leaf(JsonObject leaf, Map<String, String> users) {
    JsonObject params = leaf.getJsonObject("params", new JsonObject());
    String id = leaf.getString("id", "");
    return switch (id) {
      case "models" -> new HideRule.Model(texts(params, "models"));
      case "tags" -> new HideRule.Tagged(texts(params, "tags"));
      case "tools" -> named("tool", text(params, "toolName"));
      case "retrievers" -> named("retriever", text(params, "retrieverName"));
      case "metadata" -> noted(text(params, "key"), text(params, "value"));
      case "users" ->
          new HideRule.OfUser(
              texts(params, "users").stream()
                  .map(users::get)
                  .filter(Objects::nonNull)
                  .collect(Collectors.toUnmodifiableSet()));
      default -> null;
    };
  }

  private static @Nullable HideRule named(String type, @Nullable String name) {
    return name == null ? null : new HideRule.Named(type, name);
  }

  private static @Nullable HideRule noted(@Nullable String key, @Nullable String value) {
    return key == null || value == null ? null : new HideRule.Noted(key, value);
  }

  private static @Nullable String text(JsonObject params, String name) {
    Object value = params.getValue(name);
    return value == null ? null : value.toString();
  }

  private static Set<String> texts(JsonObject params, String name) {
    Object value = params.getValue(name);
    Stream<?> values = value instanceof JsonArray list ? list.stream() : Stream.ofNullable(value);
    return values
        .filter(Objects::nonNull)
        .map(Object::toString)
        .collect(Collectors.toUnmodifiableSet());
  }
}
