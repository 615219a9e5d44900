package dev.perilune.query.projects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.resource.ResourceBody;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to change in a project.
 *
 * @param name null to keep it
 * @param retentionDays null for ever; counts only if {@code setsRetention}
 */
record ProjectPatch(@Nullable String name, boolean setsRetention, @Nullable Integer retentionDays) {
  private static final int LONGEST_NAME = 100;
  private static final Set<Integer> RETENTIONS = Set.of(30, 60, 90, 180, 365);
  private static final String DAYS = "dataRetentionDays";

  /** Reads a body; what is wrong is noted there. */
  static ProjectPatch of(ResourceBody body) {
    String name = name(body);
    JsonNode days = body.get(DAYS);
    boolean sets = !days.isMissingNode();
    boolean unlimited = days.isNull() || days.asText().equals("unlimited");
    Integer number = sets && !unlimited ? number(days) : null;
    if (sets && !unlimited && number == null) {
      body.wrong(DAYS, "Expected 30, 60, 90, 180, 365 or 'unlimited'");
    }
    return new ProjectPatch(name == null || name.isEmpty() ? null : name, sets, number);
  }

  /** A project's name without blanks around it; null where there is none. */
  static @Nullable String name(ResourceBody body) {
    JsonNode name = body.get("name");
    if (name.isMissingNode()) {
      return null;
    }
    String text = name.isTextual() ? name.textValue().strip() : "";
    if (!name.isTextual()) {
      body.wrong(
          "name",
          "Expected string, received " + name.getNodeType().name().toLowerCase(Locale.ROOT));
    } else if (text.length() > LONGEST_NAME) {
      body.wrong("name", "String must contain at most %d character(s)".formatted(LONGEST_NAME));
    } else if (text.indexOf('\0') >= 0) {
      body.wrong("name", "String must not contain the character U+0000");
    }
    return text;
  }

  private static @Nullable Integer number(JsonNode days) {
    try {
      int number = Integer.parseInt(days.asText());
      return RETENTIONS.contains(number) ? number : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
