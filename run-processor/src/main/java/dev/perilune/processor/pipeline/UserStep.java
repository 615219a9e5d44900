package dev.perilune.processor.pipeline;

import dev.perilune.model.RunEvent;
import dev.perilune.model.Stamp;
import dev.perilune.model.UserReport;
import dev.perilune.processor.pipeline.Batch.Item;
import dev.perilune.processor.store.RunFigures;
import dev.perilune.processor.store.Tx;
import dev.perilune.processor.store.UserSql;
import dev.perilune.processor.store.UserSql.UserKey;
import dev.perilune.processor.store.UserSql.UserRow;
import org.jspecify.annotations.Nullable;

/** Stores every user that the batch names, once: first its id, and at the end what is new of it. */
final class UserStep {
  private UserStep() {}

  static void run(Tx tx, Batch batch) {
    for (Item item : batch.items) {
      UserReport user = item.event().user();
      if (user != null) {
        UserKey key = new UserKey(item.project(), user.externalId());
        batch.saidOfUsers.merge(key, row(key, item.event(), user), UserStep::join);
      }
    }
    batch.users = UserSql.ids(tx, batch.saidOfUsers.values());
  }

  static void finish(Tx tx, Batch batch, RunFigures figures) {
    UserSql.update(tx, batch.saidOfUsers.values(), batch.users, figures);
  }

  private static UserRow row(UserKey key, RunEvent event, UserReport user) {
    long at = event.stamp().atMicros();
    return new UserRow(key, at, at, user.props(), user.props() == null ? null : event.stamp());
  }

  private static UserRow join(UserRow one, UserRow other) {
    Stamp stamp = other.propsStamp();
    boolean otherIsLater = stamp != null && isAfter(stamp, one.propsStamp());
    return new UserRow(
        one.key(),
        Math.min(one.firstSeenMicros(), other.firstSeenMicros()),
        Math.max(one.lastSeenMicros(), other.lastSeenMicros()),
        otherIsLater ? other.props() : one.props(),
        otherIsLater ? stamp : one.propsStamp());
  }

  /** As the statement decides it: a request's own order is not kept with the user. */
  private static boolean isAfter(Stamp stamp, @Nullable Stamp other) {
    return other == null
        || new Stamp(stamp.atMicros(), 0, stamp.tie())
            .isAfter(new Stamp(other.atMicros(), 0, other.tie()));
  }
}
