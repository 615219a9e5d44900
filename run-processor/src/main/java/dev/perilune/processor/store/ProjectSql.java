package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Which projects there are, and whose. */
public final class ProjectSql {
  private static final String ORGS =
      "SELECT id, org_id FROM project WHERE id = ANY($1) AND deleted_at IS NULL FOR KEY SHARE";

  private ProjectSql() {}

  /** Returns the organisation of each of these projects that exists, and keeps them existing. */
  public static Map<ProjectId, UUID> orgs(Tx tx, Collection<ProjectId> projects) {
    Map<ProjectId, UUID> orgs = new HashMap<>();
    UUID[] ids = projects.stream().map(ProjectId::value).sorted().toArray(UUID[]::new);
    tx.run(ORGS, Tuple.tuple().addArrayOfUUID(ids))
        .forEach(row -> orgs.put(new ProjectId(row.getUUID("id")), row.getUUID("org_id")));
    return orgs;
  }
}
