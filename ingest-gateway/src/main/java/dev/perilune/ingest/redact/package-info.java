/** Keeps back, before anything is durable, what a project does not want stored. */
@NullMarked
package dev.perilune.ingest.redact;

import org.jspecify.annotations.NullMarked;
