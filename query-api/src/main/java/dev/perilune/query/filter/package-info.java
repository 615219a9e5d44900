/** Reads filters from a query string and turns them into SQL conditions. */
@NullMarked
package dev.perilune.query.filter;

import org.jspecify.annotations.NullMarked;
