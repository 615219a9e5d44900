/** Measures Perilune on this machine, each figure beside a bare baseline from the same run. */
@NullMarked
package dev.perilune.benchmarks.bench;

import org.jspecify.annotations.NullMarked;
