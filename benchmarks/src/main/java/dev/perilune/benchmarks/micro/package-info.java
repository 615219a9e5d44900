/** What one call of the hot path costs; each class has a baseline that does the least possible. */
@NullMarked
package dev.perilune.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
