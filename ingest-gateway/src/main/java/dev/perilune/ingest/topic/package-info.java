/** The Kafka door: records of producers to events, to the intake, or to the dead letters. */
@NullMarked
package dev.perilune.ingest.topic;

import org.jspecify.annotations.NullMarked;
