/** Offers the values that filters can be given. */
@NullMarked
package dev.perilune.query.options;

import org.jspecify.annotations.NullMarked;
