package dev.perilune.query.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.ops.Meters;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceSqlTest {
  private final Vertx vertx = Vertx.vertx();
  private final ResourceSql sql =
      new ResourceSql(
          Database.open(
              vertx,
              PgSettings.from(new Env(Map.of("DATABASE_URL", "postgres://u:p@127.0.0.1/d"))),
              new Meters()),
          Resource.inProject("things", "thing")
              .column(Column.text("name").required())
              .column(Column.json("some_data"))
              .column(Column.text("type", "a", "b").fixed().narrowing())
              .column(Column.id("owner_id").shown()));

  private static final String ROW =
      "json_build_object('id', id,"
          + " 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
          + " 'updatedAt', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
          + " 'projectId', project_id, 'name', name, 'someData', some_data, 'type', type,"
          + " 'ownerId', owner_id)::text AS json";

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void listIsNarrowedAndPaged() {
    assertEquals(
        "SELECT "
            + ROW
            + " FROM thing WHERE project_id = $1 AND ($2::text IS NULL OR type = $2)"
            + " ORDER BY updated_at DESC, id LIMIT $3 OFFSET $4",
        sql.list);
  }

  @Test
  void oneIsFoundInItsProjectOnly() {
    assertEquals("SELECT " + ROW + " FROM thing WHERE project_id = $1 AND id = $2", sql.read);
  }

  @Test
  void newRowGetsEverySettableColumn() {
    assertEquals(
        "INSERT INTO thing (project_id, name, some_data, type)"
            + " VALUES ($1, $2::text, $3::text::json, $4::text) RETURNING id, "
            + ROW,
        sql.create);
  }

  @Test
  void changeTouchesGivenColumnsOnlyAndNeverFixedOnes() {
    assertEquals(
        "UPDATE thing SET"
            + " name = CASE WHEN 'name' = ANY ($3::text[]) THEN $4::text ELSE name END,"
            + " some_data = CASE WHEN 'some_data' = ANY ($3::text[]) THEN $5::text::json"
            + " ELSE some_data END, updated_at = now()"
            + " WHERE project_id = $1 AND id = $2 RETURNING id, "
            + ROW,
        sql.patch);
  }

  @Test
  void deletionIsScopedToo() {
    assertEquals(
        "DELETE FROM thing WHERE project_id = $1 AND id = $2 RETURNING id, " + ROW, sql.delete);
  }
}
