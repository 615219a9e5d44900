/** Finds the runs that a search has to look at, with the index that the processor keeps. */
@NullMarked
package dev.perilune.query.search;

import org.jspecify.annotations.NullMarked;
