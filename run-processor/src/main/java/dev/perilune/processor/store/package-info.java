/**
 * What the processor reads from and writes to Postgres: statements over arrays, in one transaction.
 */
@NullMarked
package dev.perilune.processor.store;

import org.jspecify.annotations.NullMarked;
