/** Kills, stops and rewinds what runs, and counts afterwards that nothing was lost or doubled. */
@NullMarked
package dev.perilune.standalone.crash;

import org.jspecify.annotations.NullMarked;
