package dev.perilune.processor.jobs;

import dev.perilune.processor.store.PurgeSql;
import dev.perilune.processor.store.Tx;
import java.time.Duration;
import java.util.UUID;

/**
 * Deletes the data of deleted projects, a batch a transaction, and the project when nothing is
 * left. What to do is in the table of projects alone, so a worker that dies loses nothing.
 *
 * <p>The project's row stays while another process may still believe one of its keys, and what such
 * a key adds goes too.
 *
 * @param rowsAtOnce rows of one transaction
 * @param keysLinger how long a deleted key may be believed somewhere
 */
record ProjectPurge(int rowsAtOnce, Duration keysLinger) {

  /** Deletes some rows; true if more may be left now, false if there is nothing to do yet. */
  boolean step(Tx tx) {
    UUID project = PurgeSql.next(tx);
    if (project == null) {
      return false;
    }
    if (deleteSome(tx, project)) {
      return true;
    }
    boolean old = PurgeSql.lock(tx, project, keysLinger);
    if (deleteSome(tx, project)) {
      return true;
    }
    if (old) {
      PurgeSql.forget(tx, project);
    }
    return old;
  }

  private boolean deleteSome(Tx tx, UUID project) {
    int left = rowsAtOnce;
    for (String table : PurgeSql.tables(tx)) {
      left -= PurgeSql.deleteSome(tx, table, project, left);
      if (left <= 0) {
        return true;
      }
    }
    return left < rowsAtOnce;
  }
}
