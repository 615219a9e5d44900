/** The line that every door shares: check an event, publish it, say what became of it. */
@NullMarked
package dev.perilune.ingest.intake;

import org.jspecify.annotations.NullMarked;
