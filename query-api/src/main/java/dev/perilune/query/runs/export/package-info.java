/** All runs that match a query as one file, streamed from a cursor. */
@NullMarked
package dev.perilune.query.runs.export;

import org.jspecify.annotations.NullMarked;
