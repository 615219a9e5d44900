/** Turns one batch of records into rows: decode, merge, link, price, write. */
@NullMarked
package dev.perilune.processor.pipeline;

import org.jspecify.annotations.NullMarked;
