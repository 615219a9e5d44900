package dev.perilune.standalone;

import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.runtime.config.PgSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project of another organisation with one of everything that a project can have. Every text in
 * it contains {@link #MARK}.
 */
final class ForeignProject implements AutoCloseable {

  /** What no answer to anybody else may contain. */
  static final String MARK = "theirsecret";

  private static final String AT = "2026-03-02T12:00:00Z";

  private final Connection connection;
  private final Map<String, String> ids = new HashMap<>();
  private final String org = UUID.randomUUID().toString();
  private final String project = UUID.randomUUID().toString();
  private final UUID privateKey = UUID.randomUUID();

  ForeignProject(PgSettings postgres) throws SQLException {
    connection =
        DriverManager.getConnection(
            postgres.jdbcUrl() + "&stringtype=unspecified", postgres.user(), postgres.password());
    add("org", "id", org, "name", MARK);
    add("project", "id", project, "org_id", org, "name", MARK);
    key("private", privateKey, project);
    key("org_private", UUID.randomUUID(), null);
    // ids that are told from any other number
    for (String table : List.of("external_user", "template", "template_version", "dead_letter")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("ALTER TABLE " + table + " ALTER COLUMN id RESTART WITH 700000001");
      }
    }
    ids.put("mark", MARK);
    ids.put("project", project);
    ids.put("org", org);
    runs();
    people();
    search();
    settings();
    operations();
    erasure();
    dashboards();
  }

  UUID privateKey() {
    return privateKey;
  }

  /** The id of what it has of this kind. */
  String id(String kind) {
    String id = ids.get(kind);
    if (id == null) {
      throw new IllegalArgumentException("The foreign project has no " + kind);
    }
    return id;
  }

  private void runs() throws SQLException {
    String run = UUID.randomUUID().toString();
    String child = UUID.randomUUID().toString();
    String thread = UUID.randomUUID().toString();
    String alias = UUID.randomUUID().toString();
    ids.put("run", run);
    ids.put("child run", child);
    ids.put("alias", alias);
    ids.put("thread", thread);
    run(run, "agent", null);
    run(child, "llm", run);
    run(thread, "thread", null);
    add("run_alias", "project_id", project, "id", alias, "run_id", run, "run_created_at", AT);
    add("run_stray", "project_id", project, "id", run, "created_at", AT);
    add(
        "run_orphan",
        "project_id",
        project,
        "parent_id",
        thread,
        "child_id",
        child,
        "child_created_at",
        AT);
    add("run_score", "project_id", project, "run_id", run, "label", MARK, "value", quoted());
    add(
        "thread_message",
        "project_id",
        project,
        "thread_id",
        thread,
        "at_micros",
        "1",
        "position",
        "0",
        "tie",
        "0",
        "message_id",
        child,
        "kind",
        "chat",
        "message",
        "{\"role\":\"user\",\"content\":" + quoted() + "}");
    add("log_line", "project_id", project, "at", AT, "tie", "0", "level", "info", "message", MARK);
  }

  private void run(String id, String type, @Nullable String parent) throws SQLException {
    add(
        "run",
        "project_id",
        project,
        "id",
        id,
        "type",
        type,
        "created_at",
        AT,
        "name",
        MARK,
        "parent_run_id",
        parent,
        "tags",
        "{" + MARK + "}",
        "metadata",
        "{\"" + MARK + "\":" + quoted() + "}",
        "feedback",
        "{\"thumb\":\"up\",\"comment\":" + quoted() + "}",
        "cost",
        "1");
    add(
        "run_payload",
        "project_id",
        project,
        "run_id",
        id,
        "created_at",
        AT,
        "input",
        quoted(),
        "output",
        quoted(),
        "error",
        quoted(),
        "params",
        "{\"" + MARK + "\":1}");
  }

  /** The words of a run in the search index, and one that waits for it. */
  private void search() throws SQLException {
    String runs = "{" + id("run") + "}";
    String starts = "{" + AT + "}";
    add(
        "search_queue",
        "project_id",
        project,
        "run_ids",
        runs,
        "starts",
        starts,
        "parts",
        "{7}",
        "runs",
        "1");
    String segment = add("search_segment", "project_id", project, "runs", "1", "last_start", AT);
    add(
        "search_run",
        "project_id",
        project,
        "segment",
        segment,
        "piece",
        "0",
        "run_ids",
        runs,
        "starts",
        starts);
    add(
        "search_word",
        "project_id",
        project,
        "segment",
        segment,
        "page",
        "0",
        "first",
        MARK,
        "words",
        "\n" + MARK + "\n",
        "runs",
        "\\x0100");
  }

  private void people() throws SQLException {
    ids.put(
        "user",
        add(
            "external_user",
            "project_id",
            project,
            "external_id",
            MARK,
            "created_at",
            AT,
            "last_seen",
            AT,
            "props",
            "{\"" + MARK + "\":" + quoted() + "}"));
    add("metadata_key", "project_id", project, "type", "llm", "key", MARK);
    String template = add("template", "project_id", project, "slug", MARK);
    ids.put("template", template);
    ids.put(
        "template version",
        add("template_version", "project_id", project, "template_id", template));
    String evaluator = UUID.randomUUID().toString();
    ids.put("evaluator", evaluator);
    add(
        "evaluator",
        "project_id",
        project,
        "id",
        evaluator,
        "name",
        MARK,
        "slug",
        MARK,
        "type",
        "topics");
    add(
        "evaluation_result_v2",
        "project_id",
        project,
        "run_id",
        id("run"),
        "evaluator_id",
        evaluator,
        "result",
        "{\"" + MARK + "\":1}");
  }

  private void settings() throws SQLException {
    ids.put(
        "view",
        add(
            "view",
            "project_id",
            project,
            "name",
            MARK,
            "data",
            "[" + quoted() + "]",
            "type",
            "llm"));
    ids.put(
        "checklist",
        add("checklist", "project_id", project, "slug", MARK, "data", quoted(), "type", MARK));
    ids.put(
        "price",
        add(
            "model_mapping",
            "org_id",
            org,
            "name",
            MARK,
            "pattern",
            MARK,
            "unit",
            "TOKENS",
            "input_cost",
            "1",
            "output_cost",
            "1"));
    ids.put(
        "rule",
        add(
            "ingestion_rule",
            "project_id",
            project,
            "type",
            "filtering",
            "filters",
            "[\"AND\",{\"id\":\"tags\",\"params\":{\"tags\":[" + quoted() + "]}}]"));
  }

  private void operations() throws SQLException {
    ids.put(
        "job", add("job", "org_id", org, "type", "refresh-costs", "status", "done", "error", MARK));
    ids.put(
        "dead letter",
        add(
            "dead_letter",
            "project_id",
            project,
            "source_topic",
            "perilune.events",
            "source_partition",
            "0",
            "source_offset",
            "7",
            "reason",
            MARK,
            "record",
            MARK));
    add(
        "audit_log",
        "org_id",
        org,
        "project_id",
        project,
        "project_name",
        MARK,
        "resource_type",
        "view",
        "action",
        "create",
        "resource_id",
        MARK,
        "user_id",
        UUID.randomUUID().toString(),
        "user_name",
        MARK);
  }

  private void erasure() throws SQLException {
    String gone = UUID.randomUUID().toString();
    add("run_tombstone", "project_id", project, "id", gone, "deleted_at", AT);
    add("user_erasure", "project_id", project, "user_hash", "\\x01", "erased_at", AT);
    String erasure =
        add(
            "erasure",
            "project_id",
            project,
            "user_id",
            id("user"),
            "external_id",
            MARK,
            "finished_at",
            AT);
    add("erasure_run", "project_id", project, "erasure_id", erasure, "run_id", gone);
  }

  private void dashboards() throws SQLException {
    String dashboard = add("dashboard", "project_id", project, "name", MARK);
    ids.put("dashboard", dashboard);
    ids.put(
        "custom chart",
        add("custom_chart", "project_id", project, "name", MARK, "type", "line", "data_key", MARK));
    add(
        "chart",
        "project_id",
        project,
        "dashboard_id",
        dashboard,
        "id",
        UUID.randomUUID().toString(),
        "sort_order",
        "0",
        "name",
        MARK,
        "type",
        "line",
        "data_key",
        MARK);
  }

  /** Makes a key of the organisation that this project of somebody else belongs to. */
  UUID organisationKeyOf(UUID otherProject) throws SQLException {
    UUID key = UUID.randomUUID();
    String otherOrg;
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT org_id FROM project WHERE id = ?")) {
      statement.setString(1, otherProject.toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        otherOrg = row.getString(1);
      }
    }
    add(
        "api_key",
        "key_hash",
        hash(key),
        "hint",
        "1234",
        "type",
        "org_private",
        "org_id",
        otherOrg);
    return key;
  }

  private static String hash(UUID key) {
    return "\\x" + HexFormat.of().formatHex(ApiKeySql.hash(key));
  }

  private void key(String type, UUID key, @Nullable String ofProject) throws SQLException {
    add(
        "api_key",
        "key_hash",
        hash(key),
        "hint",
        "1234",
        "type",
        type,
        "org_id",
        org,
        "project_id",
        ofProject);
  }

  private static String quoted() {
    return '"' + MARK + '"';
  }

  /** Adds a row and returns its id, if it has one. */
  private String add(String table, @Nullable String... columnsAndValues) throws SQLException {
    List<String> columns = new ArrayList<>();
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      columns.add(columnsAndValues[i]);
      values.add(columnsAndValues[i + 1]);
    }
    String sql =
        "INSERT INTO %s (%s) VALUES (%s) RETURNING to_jsonb(%s) ->> 'id'"
            .formatted(
                table,
                String.join(", ", columns),
                String.join(", ", columns.stream().map(column -> "?").toList()),
                table);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  /** What every table holds of this project and its organisation, as a digest by table. */
  Map<String, String> contents() throws SQLException {
    Map<String, String> contents = new TreeMap<>();
    for (Owned table : owned()) {
      String sql =
          "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
              + " FROM %s t WHERE %s = '%s'"
                  .formatted(table.name, table.column, table.isProject() ? project : org);
      try (PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet row = statement.executeQuery()) {
        row.next();
        contents.put(
            table.name + "." + table.column,
            row.getLong(1) == 0 ? "nothing" : row.getLong(1) + " " + row.getString(2));
      }
    }
    return contents;
  }

  /** A table whose rows belong to a project or an organisation. */
  private record Owned(String name, String column) {
    boolean isProject() {
      return column.equals("project_id");
    }
  }

  private List<Owned> owned() throws SQLException {
    String sql =
        """
        SELECT c.relname, a.attname
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('project_id', 'org_id')
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT c.relispartition
        """;
    List<Owned> tables = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        tables.add(new Owned(rows.getString(1), rows.getString(2)));
      }
    }
    return tables;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
