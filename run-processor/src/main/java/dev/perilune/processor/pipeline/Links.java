package dev.perilune.processor.pipeline;

import dev.perilune.processor.store.LinkSql.Parent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a run hangs together with others. */
final class Links {
  /** As declared; may name a run that is not there, or an alias of one. */
  @Nullable UUID parentId;

  /** The trace whose span it is. */
  @Nullable UUID trace;

  /** Type of the parent; {@code null} while it is not there. */
  @Nullable String parentType;

  /** For a retry: the exchange that it tries again. */
  @Nullable UUID siblingId;

  /** The user that the run counts for: its parent's, else its own. */
  @Nullable Long userId;

  /** The agent whose work it is part of, by name. */
  @Nullable String agent;

  /** What its children know of it; they must hear of a change. */
  @Nullable Parent shown;
}
