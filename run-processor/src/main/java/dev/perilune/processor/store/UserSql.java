package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.Stamp;
import dev.perilune.processor.store.RunFigures.UserCell;
import dev.perilune.processor.store.RunFigures.UserSums;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remembers the users that events name, and what their runs count for. */
public final class UserSql {
  private static final String IDS =
      """
      SELECT u.project_id, u.external_id, u.id
        FROM unnest($1::uuid[], $2::text[]) AS g(project_id, external_id)
        JOIN external_user u ON u.project_id = g.project_id AND u.external_id = g.external_id
      """;

  private static final String INSERT =
      """
      INSERT INTO external_user (project_id, external_id, created_at, last_seen)
      SELECT project_id, external_id, first_seen, last_seen
        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[])
             AS g(project_id, external_id, first_seen, last_seen)
          ON CONFLICT (project_id, external_id) DO NOTHING
      """;

  // Rows are locked in one order; what the update reads is what it locked.
  private static final String UPDATE =
      """
      WITH g AS MATERIALIZED (
        SELECT *
          FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[],
                      $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
                      $11::bigint[], $12::text[])
               AS g(project_id, id, first_seen, last_seen, props, props_at, props_tie, runs, costed,
                    prompt_tokens, completion_tokens, cost)
      ), locked AS MATERIALIZED (
        SELECT u.project_id, u.id
          FROM g JOIN external_user u ON u.project_id = g.project_id AND u.id = g.id
         ORDER BY u.project_id, u.external_id
           FOR NO KEY UPDATE OF u
      )
      UPDATE external_user u
         SET created_at = LEAST(u.created_at, g.first_seen),
             last_seen = GREATEST(u.last_seen, g.last_seen),
             props = CASE WHEN (g.props_at, g.props_tie) > (u.props_at, u.props_tie)
                            OR u.props_at IS NULL AND g.props_at IS NOT NULL
                          THEN g.props::jsonb ELSE u.props END,
             props_tie = CASE WHEN (g.props_at, g.props_tie) > (u.props_at, u.props_tie)
                                OR u.props_at IS NULL
                              THEN g.props_tie ELSE u.props_tie END,
             props_at = GREATEST(u.props_at, g.props_at),
             runs = u.runs + g.runs, costed = u.costed + g.costed,
             prompt_tokens = u.prompt_tokens + g.prompt_tokens,
             completion_tokens = u.completion_tokens + g.completion_tokens,
             cost = u.cost + g.cost::numeric
        FROM g, locked
       WHERE locked.project_id = g.project_id AND locked.id = g.id
         AND u.project_id = locked.project_id AND u.id = locked.id
      RETURNING u.project_id, u.id
      """;

  private static final String ADD_DAYS =
      """
      INSERT INTO rollup_user AS t
      SELECT project_id, day, user_id, runs, costed, prompt_tokens, completion_tokens,
             cost::numeric, up::numeric - down::numeric, costed_up::numeric - costed_down::numeric
        FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[],
                    $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[],
                    $12::text[])
             AS g(project_id, day, user_id, runs, costed, prompt_tokens, completion_tokens, cost,
                  up, down, costed_up, costed_down)
          ON CONFLICT (project_id, day, user_id) DO UPDATE
         SET runs = t.runs + excluded.runs, costed = t.costed + excluded.costed,
             prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
             completion_tokens = t.completion_tokens + excluded.completion_tokens,
             cost = t.cost + excluded.cost, hours = t.hours + excluded.hours,
             costed_hours = t.costed_hours + excluded.costed_hours
      """;

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

  /** A user to update: what events say, if any does, and what its runs count for. */
  private record Change(ProjectId project, long id, @Nullable UserRow said, Sums sums) {}

  private record InternalId(ProjectId project, long id) {}

  private UserSql() {}

  /**
   * Returns the internal ids of these users; new ones are made.
   *
   * @throws StoreAway if somebody deletes one of them meanwhile
   */
  public static Map<UserKey, Long> ids(Tx tx, Collection<UserRow> users) {
    Map<UserKey, Long> ids = new HashMap<>();
    List<UserRow> missing = users.stream().sorted(Comparator.comparing(UserRow::key)).toList();
    for (int tries = 0; tries < 2 && !missing.isEmpty(); tries++) {
      if (tries > 0) {
        tx.run(
            INSERT,
            keys(missing).time(UserRow::firstSeenMicros).time(UserRow::lastSeenMicros).tuple());
      }
      tx.run(IDS, keys(missing).tuple()).forEach(row -> ids.put(key(row), row.getLong("id")));
      missing = missing.stream().filter(user -> !ids.containsKey(user.key())).toList();
    }
    if (!missing.isEmpty()) {
      throw StoreAway.collision("A user was deleted as soon as it was made");
    }
    return ids;
  }

  /**
   * Notes what events say about users, and what their runs count for. That is the last that a
   * transaction does, because users are what transactions share most.
   *
   * @throws StoreAway if somebody deleted one of the users meanwhile
   */
  public static void update(
      Tx tx, Collection<UserRow> said, Map<UserKey, Long> ids, RunFigures figures) {
    Map<InternalId, Change> changes = new HashMap<>();
    for (UserRow user : said) {
      InternalId id = new InternalId(user.key().project(), ids.get(user.key()));
      changes.put(id, new Change(id.project(), id.id(), user, new Sums()));
    }
    List<Entry<UserCell, UserSums>> days =
        RunFigures.changed(figures.users, UserSums::isZero).stream()
            .sorted(Entry.comparingByKey(UserCell.ORDER))
            .toList();
    for (Entry<UserCell, UserSums> day : days) {
      InternalId id = new InternalId(day.getKey().project(), day.getKey().userId());
      changes
          .computeIfAbsent(id, user -> new Change(user.project(), user.id(), null, new Sums()))
          .sums()
          .add(day.getValue().sums, 1);
    }
    if (!changes.isEmpty()) {
      update(tx, List.copyOf(changes.values()));
    }
    if (!days.isEmpty()) {
      tx.run(ADD_DAYS, days(days));
    }
  }

  private static void update(Tx tx, List<Change> changes) {
    Set<InternalId> updated = new HashSet<>();
    tx.run(UPDATE, columns(changes))
        .forEach(
            row ->
                updated.add(
                    new InternalId(new ProjectId(row.getUUID("project_id")), row.getLong("id"))));
    for (Change change : changes) {
      if (change.said() != null
          && !updated.contains(new InternalId(change.project(), change.id()))) {
        throw StoreAway.collision("A user was deleted while its runs were stored");
      }
    }
  }

  private static Columns<UserRow> keys(List<UserRow> users) {
    return Columns.of(users)
        .uuid(user -> user.key().project().value())
        .text(user -> user.key().externalId());
  }

  private static UserKey key(Row row) {
    return new UserKey(new ProjectId(row.getUUID("project_id")), row.getString("external_id"));
  }

  private static Tuple columns(List<Change> changes) {
    return Columns.of(changes)
        .uuid(change -> change.project().value())
        .bigint(Change::id)
        .time(change -> change.said() == null ? null : change.said().firstSeenMicros())
        .time(change -> change.said() == null ? null : change.said().lastSeenMicros())
        .text(change -> change.said() == null ? null : change.said().props())
        .bigint(change -> stamp(change) == null ? null : stamp(change).atMicros())
        .bigint(change -> stamp(change) == null ? null : stamp(change).tie())
        .bigint(change -> change.sums().runs)
        .bigint(change -> change.sums().costed)
        .bigint(change -> change.sums().promptTokens)
        .bigint(change -> change.sums().completionTokens)
        .text(change -> change.sums().costUsd.toPlainString())
        .tuple();
  }

  private static @Nullable Stamp stamp(Change change) {
    return change.said() == null ? null : change.said().propsStamp();
  }

  private static Tuple days(List<Entry<UserCell, UserSums>> days) {
    return Columns.of(days)
        .uuid(day -> day.getKey().project().value())
        .time(day -> day.getKey().dayMicros())
        .bigint(day -> day.getKey().userId())
        .bigint(day -> day.getValue().sums.runs)
        .bigint(day -> day.getValue().sums.costed)
        .bigint(day -> day.getValue().sums.promptTokens)
        .bigint(day -> day.getValue().sums.completionTokens)
        .text(day -> day.getValue().sums.costUsd.toPlainString())
        .text(day -> day.getValue().hours.up())
        .text(day -> day.getValue().hours.down())
        .text(day -> day.getValue().costedHours.up())
        .text(day -> day.getValue().costedHours.down())
        .tuple();
  }
}
