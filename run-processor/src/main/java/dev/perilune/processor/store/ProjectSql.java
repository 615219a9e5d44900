package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which projects there are, and whose. */
public final class ProjectSql {
  private static final String KNOWN =
      """
      SELECT id, org_id, forgets
        FROM project
       WHERE id = ANY ($1) AND deleted_at IS NULL
         FOR KEY SHARE
      """;

  private ProjectSql() {}

  /**
   * Projects that exist.
   *
   * @param orgs the organisation of each
   * @param forgetful those that ever deleted runs or users
   */
  public record Known(Map<ProjectId, UUID> orgs, Set<ProjectId> forgetful) {}

  /** Returns those of the projects that exist, and keeps them existing. */
  public static Known known(Tx tx, Collection<ProjectId> projects) {
    Known known = new Known(new HashMap<>(), new HashSet<>());
    UUID[] ids = projects.stream().map(ProjectId::value).sorted().toArray(UUID[]::new);
    tx.run(KNOWN, Tuple.tuple().addArrayOfUUID(ids)).forEach(row -> add(known, row));
    return known;
  }

  private static void add(Known known, Row row) {
    ProjectId project = new ProjectId(row.getUUID("id"));
    known.orgs.put(project, row.getUUID("org_id"));
    if (row.getBoolean("forgets")) {
      known.forgetful.add(project);
    }
  }
}
