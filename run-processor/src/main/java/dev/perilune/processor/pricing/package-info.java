/** What runs cost: prices as data, the choice among them, and the sum. */
@NullMarked
package dev.perilune.processor.pricing;

import org.jspecify.annotations.NullMarked;
