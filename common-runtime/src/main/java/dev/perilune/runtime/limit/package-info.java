/** How often a caller may ask. */
@NullMarked
package dev.perilune.runtime.limit;

import org.jspecify.annotations.NullMarked;
