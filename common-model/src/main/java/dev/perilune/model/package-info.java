/** What a run is: ids, times and kinds, without I/O. */
@NullMarked
package dev.perilune.model;

import org.jspecify.annotations.NullMarked;
