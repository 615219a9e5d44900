package dev.perilune.query.runs;

import dev.perilune.query.runs.RunRow.Payload;
import dev.perilune.query.runs.RunRow.Tokens;
import dev.perilune.query.runs.RunRow.User;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads whole runs of one project by their keys. */
public final class RunRowSql {

  // a declared parent or sibling can be an alias; a template version must be this project's
  private static final String SELECT =
      """
      SELECT r.project_id, r.id, r.type, r.name, r.status, r.created_at, r.ended_at,
             (r.ended_at - r.created_at)::text AS duration,
             coalesce(parent.run_id, r.parent_run_id) AS parent_run_id,
             r.parent_type IS NOT NULL AS parent_there,
             coalesce(sibling.run_id, r.sibling_run_id) AS sibling_run_id,
             version.id AS template_version_id, template.slug AS template_slug,
             r.prompt_tokens, r.completion_tokens, r.cached_prompt_tokens,
             trim_scale(r.cost)::text AS cost, r.tags,
             r.metadata::text AS metadata, r.feedback::text AS feedback, r.is_public,
             p.input, p.output, p.error, p.params,
             u.id AS user_id, u.external_id, u.created_at AS user_created_at, u.last_seen,
             u.props::text AS props
      """;

  private static final String JOINS =
      """
        LEFT JOIN run_payload p
          ON p.project_id = $1 AND p.run_id = r.id AND p.created_at = r.created_at
        LEFT JOIN run_alias parent ON parent.project_id = $1 AND parent.id = r.parent_run_id
        LEFT JOIN run_alias sibling ON sibling.project_id = $1 AND sibling.id = r.sibling_run_id
        LEFT JOIN template_version version
          ON version.id = r.template_version_id AND version.project_id = $1
        LEFT JOIN template ON template.id = version.template_id
        LEFT JOIN external_user u ON u.project_id = $1 AND u.id = r.external_user_id
      """;

  private static final String ROWS =
      SELECT
          + """
            FROM unnest($2::uuid[], $3::timestamptz[])
                   WITH ORDINALITY AS k (id, created_at, position)
            JOIN run r ON r.project_id = $1 AND r.id = k.id AND r.created_at = k.created_at
            """
          + JOINS
          + " ORDER BY k.position";

  // with one time that is known when the statement begins no other week is opened
  static final String ROW =
      SELECT
          + " FROM run r\n"
          + JOINS.replace("p.created_at = r.created_at", "p.created_at = $3")
          + " WHERE r.project_id = $1 AND r.id = $2 AND r.created_at = $3";

  private RunRowSql() {}

  /** The runs in the order of their keys; one that moved since its key was read is left out. */
  public static Future<List<RunRow>> rows(
      SqlConnection connection, UUID project, List<RunKey> keys) {
    Tuple values =
        Tuple.of(project)
            .addArrayOfUUID(keys.stream().map(RunKey::id).toArray(UUID[]::new))
            .addArrayOfOffsetDateTime(
                keys.stream().map(RunKey::createdAt).toArray(OffsetDateTime[]::new));
    return connection
        .preparedQuery(ROWS)
        .execute(values)
        .map(
            found -> {
              List<RunRow> rows = new ArrayList<>(found.size());
              found.forEach(row -> rows.add(run(row)));
              return rows;
            });
  }

  /** The run with that key, which must be there in the state of the data that is read. */
  static Future<RunRow> row(SqlConnection connection, UUID project, RunKey key) {
    return connection
        .preparedQuery(ROW)
        .execute(Tuple.of(project, key.id(), key.createdAt()))
        .map(found -> run(found.iterator().next()));
  }

  private static RunRow run(Row row) {
    return new RunRow(
        row.getUUID("project_id"),
        row.getUUID("id"),
        row.getString("type"),
        row.getString("name"),
        row.getString("status"),
        row.getOffsetDateTime("created_at"),
        row.getOffsetDateTime("ended_at"),
        row.getString("duration"),
        row.getUUID("parent_run_id"),
        row.getBoolean("parent_there"),
        row.getUUID("sibling_run_id"),
        row.getInteger("template_version_id"),
        row.getString("template_slug"),
        new Tokens(
            row.getInteger("prompt_tokens"),
            row.getInteger("completion_tokens"),
            row.getInteger("cached_prompt_tokens")),
        row.getString("cost"),
        tags(row.getArrayOfStrings("tags")),
        row.getString("metadata"),
        row.getString("feedback"),
        row.getBoolean("is_public"),
        new Payload(
            row.getString("input"),
            row.getString("output"),
            row.getString("error"),
            row.getString("params")),
        user(row));
  }

  private static @Nullable List<String> tags(String @Nullable [] tags) {
    return tags == null ? null : Arrays.asList(tags);
  }

  private static @Nullable User user(Row row) {
    return row.getLong("user_id") == null
        ? null
        : new User(
            row.getLong("user_id"),
            row.getString("external_id"),
            row.getOffsetDateTime("user_created_at"),
            row.getOffsetDateTime("last_seen"),
            row.getString("props"));
  }
}
