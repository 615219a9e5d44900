/** What projects do not want stored, as their rules say. */
@NullMarked
package dev.perilune.runtime.rules;

import org.jspecify.annotations.NullMarked;
