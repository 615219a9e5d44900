/** Cuts a window of time into the buckets that a clock on the wall shows. */
@NullMarked
package dev.perilune.query.analytics.time;

import org.jspecify.annotations.NullMarked;
