package dev.perilune.query.audit;

import java.util.List;
import java.util.Map;

/** The pairs of resource and action that every client knows; some fail on any other. */
final class AuditCatalogue {

  private static final Map<String, List<String>> ACTIONS =
      Map.ofEntries(
          Map.entry("org_name", List.of("update")),
          Map.entry(
              "team_member", List.of("login", "logout", "update", "invite", "remove_from_team")),
          Map.entry("project", List.of("create", "delete", "rename")),
          Map.entry("dashboard", List.of("create", "delete", "update")),
          Map.entry("custom_chart", List.of("create", "delete", "update")),
          Map.entry("llm_log", List.of("make_public", "delete", "export", "add_feedback")),
          Map.entry("trace", List.of("delete", "export", "add_feedback")),
          Map.entry("conversation", List.of("delete", "export", "add_feedback")),
          Map.entry("view", List.of("create", "rename", "update", "delete", "export_data")),
          Map.entry("external_user", List.of("delete_data")),
          Map.entry(
              "prompt",
              List.of("create", "rename", "delete", "save_draft", "deploy", "run_playground")),
          Map.entry(
              "dataset",
              List.of(
                  "create", "rename", "delete", "add_prompt", "update_prompt", "delete_prompt")),
          Map.entry("checklist", List.of("create", "update", "rename", "delete")),
          Map.entry("cost_mapping", List.of("create", "delete")),
          Map.entry("api_key", List.of("regenerate")),
          Map.entry("org_api_key", List.of("regenerate")),
          Map.entry("pii_masking", List.of("enable", "disable")),
          Map.entry("data_warehouse_connection", List.of("create", "delete", "update")),
          Map.entry("enricher", List.of("create", "delete", "update")));

  private AuditCatalogue() {}

  /** Every pair, as {@code resource/action}. */
  static String[] pairs() {
    return ACTIONS.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(action -> entry.getKey() + "/" + action))
        .sorted()
        .toArray(String[]::new);
  }
}
