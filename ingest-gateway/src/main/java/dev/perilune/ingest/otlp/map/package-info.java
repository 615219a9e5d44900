/** From the attributes of many conventions to the events of one. */
@NullMarked
package dev.perilune.ingest.otlp.map;

import org.jspecify.annotations.NullMarked;
