/** Serves what Postgres holds over HTTP. */
@NullMarked
package dev.perilune.query;

import org.jspecify.annotations.NullMarked;
