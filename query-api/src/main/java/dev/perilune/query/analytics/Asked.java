package dev.perilune.query.analytics;

import dev.perilune.query.analytics.time.Window;

/** A question's parameters; equal parameters have equal answers. */
interface Asked {

  Window window();
}
