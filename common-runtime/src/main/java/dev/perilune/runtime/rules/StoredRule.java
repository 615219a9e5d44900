package dev.perilune.runtime.rules;

import dev.perilune.model.ProjectId;
import java.util.Map;

/**
 * An ingestion rule as it is stored.
 *
 * @param type {@code filtering} or {@code masking}
 * @param filters JSON text, which nobody has checked; {@code "null"} when there is none
 * @param users external ids of the users that the filters name by their internal ids, by the text
 *     of those; users that are gone are missing
 */
public record StoredRule(
    ProjectId project, String type, String filters, Map<String, String> users) {

  public StoredRule {
    users = Map.copyOf(users);
  }
}
