/** Saved filters of the run lists. */
@NullMarked
package dev.perilune.query.views;

import org.jspecify.annotations.NullMarked;
