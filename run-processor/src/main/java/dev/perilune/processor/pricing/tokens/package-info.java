/** Token counts of runs: what clients reported, completed by what we count ourselves. */
@NullMarked
package dev.perilune.processor.pricing.tokens;

import org.jspecify.annotations.NullMarked;
