/** The OTLP door: spans and log records, over HTTP and gRPC, to events for the intake. */
@NullMarked
package dev.perilune.ingest.otlp;

import org.jspecify.annotations.NullMarked;
