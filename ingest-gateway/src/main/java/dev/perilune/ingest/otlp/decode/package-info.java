/** OTLP requests to plain values, from protobuf and from JSON. */
@NullMarked
package dev.perilune.ingest.otlp.decode;

import org.jspecify.annotations.NullMarked;
