/** The JSON door: bytes to events, to the intake, to an answer. */
@NullMarked
package dev.perilune.ingest.events;

import org.jspecify.annotations.NullMarked;
