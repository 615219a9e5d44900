/** Postgres behind futures, and the migrations of its schema. */
@NullMarked
package dev.perilune.runtime.db;

import org.jspecify.annotations.NullMarked;
