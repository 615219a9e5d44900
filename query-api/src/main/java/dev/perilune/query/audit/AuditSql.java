package dev.perilune.query.audit;

import dev.perilune.runtime.db.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds to the audit log and reads it. */
public final class AuditSql {

  // keys have no user; clients print the name where an address is missing
  private static final String WRITE =
      """
      INSERT INTO audit_log
             (org_id, project_id, project_name, resource_type, action, resource_id, user_id,
              user_name, ip_address, user_agent)
      SELECT coalesce($1, p.org_id), $2, p.name, $3, $4, $5,
             '00000000-0000-0000-0000-000000000000', 'API key', $6, $7
        FROM (SELECT $2::uuid AS id) AS g
        LEFT JOIN project p ON p.id = g.id
      """;

  private static final String WHERE =
      """
        FROM audit_log
       WHERE org_id = $1
         AND ($2::text[] IS NULL OR resource_type || '/' || action = ANY ($2))
         AND ($3::uuid IS NULL OR user_id = $3)
         AND ($4::text IS NULL OR resource_type = $4)
         AND ($5::text IS NULL OR action = $5)
         AND ($6::timestamptz IS NULL OR created_at >= $6)
         AND ($7::timestamptz IS NULL OR created_at <= $7)
         AND ($8::uuid IS NULL OR project_id = $8)
      """;

  private static final String COUNT = "SELECT count(*) AS entries\n" + WHERE;

  private static final String PAGE =
      """
      SELECT id, created_at, updated_at, org_id, resource_type, resource_id, action, user_id,
             user_name, user_email, project_id, project_name, ip_address, user_agent
      """
          + WHERE
          + """
             ORDER BY created_at DESC, id DESC
             LIMIT $9 OFFSET $10
            """;

  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final Database database;
  private final Duration limit;

  /**
   * @param limit how long one statement may take
   */
  AuditSql(Database database, Duration limit) {
    this.database = database;
    this.limit = limit;
  }

  /** A page of the log and how many entries all pages have. */
  record Page(JsonArray entries, long total) {}

  /** Adds an entry in the transaction of the deed; the entry is kept if and only if the deed is. */
  public static Future<Void> write(SqlConnection connection, Audit entry) {
    return connection
        .preparedQuery(WRITE)
        .execute(
            Tuple.of(
                entry.org(),
                entry.project(),
                entry.resourceType(),
                entry.action(),
                entry.resourceId(),
                entry.ipAddress(),
                entry.userAgent()))
        .mapEmpty();
  }

  /** The organisation's entries, the newest first. */
  Future<Page> page(UUID org, AuditQuery query) {
    return database.inSnapshot(
        limit,
        connection -> {
          var count = connection.preparedQuery(COUNT).execute(filters(org, query));
          Tuple all = filters(org, query).addInteger(query.limit()).addLong(query.offset());
          var page = connection.preparedQuery(PAGE).execute(all);
          return Future.all(count, page)
              .map(
                  both -> {
                    JsonArray entries = new JsonArray();
                    page.result().forEach(row -> entries.add(entry(row)));
                    return new Page(entries, count.result().iterator().next().getLong("entries"));
                  });
        });
  }

  private static Tuple filters(UUID org, AuditQuery query) {
    return Tuple.of(org)
        .addArrayOfString(query.extended() ? null : AuditCatalogue.pairs())
        .addUUID(query.user())
        .addString(query.resourceType())
        .addString(query.action())
        .addOffsetDateTime(query.from() == null ? null : query.from().atOffset(ZoneOffset.UTC))
        .addOffsetDateTime(query.to() == null ? null : query.to().atOffset(ZoneOffset.UTC))
        .addUUID(query.project());
  }

  private static JsonObject entry(Row row) {
    return new JsonObject()
        .put("id", row.getUUID("id").toString())
        .put("createdAt", time(row.getOffsetDateTime("created_at")))
        .put("updatedAt", time(row.getOffsetDateTime("updated_at")))
        .put("orgId", row.getUUID("org_id").toString())
        .put("resourceType", row.getString("resource_type"))
        .put("resourceId", row.getString("resource_id"))
        .put("action", row.getString("action"))
        .put("userId", row.getUUID("user_id").toString())
        .put("userName", row.getString("user_name"))
        .put("userEmail", row.getString("user_email"))
        .put("projectId", id(row.getUUID("project_id")))
        .put("projectName", row.getString("project_name"))
        .put("ipAddress", row.getString("ip_address"))
        .put("userAgent", row.getString("user_agent"));
  }

  private static String time(OffsetDateTime time) {
    return MILLISECONDS.format(time);
  }

  private static @Nullable String id(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }
}
