/** The processor: events from Kafka become runs in Postgres. */
@NullMarked
package dev.perilune.processor;

import org.jspecify.annotations.NullMarked;
