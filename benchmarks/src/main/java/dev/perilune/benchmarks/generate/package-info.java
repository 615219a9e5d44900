/**
 * Makes runs up and writes them straight into the tables, as the processor would have left them.
 */
@NullMarked
package dev.perilune.benchmarks.generate;

import org.jspecify.annotations.NullMarked;
