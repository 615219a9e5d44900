/** The gateway: events in by HTTP, out to Kafka. */
@NullMarked
package dev.perilune.ingest;

import org.jspecify.annotations.NullMarked;
