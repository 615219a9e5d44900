/** Tells listeners of runs as they change. */
@NullMarked
package dev.perilune.query.live;

import org.jspecify.annotations.NullMarked;
