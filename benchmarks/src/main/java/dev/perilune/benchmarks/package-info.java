/** Fills an installation with made-up data and measures how it answers; no part of the product. */
@NullMarked
package dev.perilune.benchmarks;

import org.jspecify.annotations.NullMarked;
