package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.Stamp;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers the users that events name. */
public final class UserSql {
  private static final String UPSERT =
      """
      INSERT INTO external_user AS u
             (project_id, external_id, created_at, last_seen, props, props_at, props_tie)
      SELECT project_id, external_id, first_seen, last_seen, props::jsonb, props_at, props_tie
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[],
                    $6::bigint[], $7::bigint[])
             AS g(project_id, external_id, first_seen, last_seen, props, props_at, props_tie)
          ON CONFLICT (project_id, external_id) DO UPDATE
         SET created_at = LEAST(u.created_at, excluded.created_at),
             last_seen = GREATEST(u.last_seen, excluded.last_seen),
             props = CASE WHEN (excluded.props_at, excluded.props_tie) > (u.props_at, u.props_tie)
                            OR u.props_at IS NULL
                          THEN excluded.props ELSE u.props END,
             props_tie = CASE WHEN (excluded.props_at, excluded.props_tie) > (u.props_at, u.props_tie)
                                OR u.props_at IS NULL
                              THEN excluded.props_tie ELSE u.props_tie END,
             props_at = GREATEST(u.props_at, excluded.props_at)
      RETURNING project_id, external_id, id
      """;

  private UserSql() {}

  /** Names a user. */
  public record UserKey(ProjectId project, String externalId) implements Comparable<UserKey> {
    private static final Comparator<UserKey> ORDER =
        Comparator.<UserKey, java.util.UUID>comparing(key -> key.project.value())
            .thenComparing(UserKey::externalId);

    @Override
    public int compareTo(UserKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** What a batch says about one user; times in microseconds since 1970. */
  public record UserRow(
      UserKey key,
      long firstSeenMicros,
      long lastSeenMicros,
      @Nullable String props,
      @Nullable Stamp propsStamp) {}

  /** Stores the users and returns their internal ids. */
  public static Map<UserKey, Long> upsert(Tx tx, List<UserRow> users) {
    Map<UserKey, Long> ids = new HashMap<>();
    if (users.isEmpty()) {
      return ids;
    }
    List<UserRow> ordered = users.stream().sorted(Comparator.comparing(UserRow::key)).toList();
    tx.run(UPSERT, columns(ordered).tuple())
        .forEach(
            row ->
                ids.put(
                    new UserKey(
                        new ProjectId(row.getUUID("project_id")), row.getString("external_id")),
                    row.getLong("id")));
    return ids;
  }

  private static Columns<UserRow> columns(List<UserRow> users) {
    return Columns.of(users)
        .uuid(user -> user.key().project().value())
        .text(user -> user.key().externalId())
        .time(UserRow::firstSeenMicros)
        .time(UserRow::lastSeenMicros)
        .text(UserRow::props)
        .bigint(user -> user.propsStamp() == null ? null : user.propsStamp().atMicros())
        .bigint(user -> user.propsStamp() == null ? null : user.propsStamp().tie());
  }
}
