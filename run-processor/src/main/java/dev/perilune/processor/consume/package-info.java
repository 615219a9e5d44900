/** Polls Kafka, keeps offsets beside the data, parks what can't be stored. */
@NullMarked
package dev.perilune.processor.consume;

import org.jspecify.annotations.NullMarked;
