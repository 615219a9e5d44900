package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Window;
import dev.perilune.query.filter.FilterQuery;

/** A question's parameters; equal parameters have equal answers. */
interface Asked {

  Window window();

  /** Which runs count. */
  FilterQuery filter();

  /** Whether only a change of figures can change the answer. */
  default boolean isOfFiguresOnly() {
    return filter().asksTypeAndNameOnly();
  }
}
