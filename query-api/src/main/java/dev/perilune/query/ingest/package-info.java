/** What became of events after they were taken: visible, or a dead letter. */
@NullMarked
package dev.perilune.query.ingest;

import org.jspecify.annotations.NullMarked;
