/** Named sets of checks. */
@NullMarked
package dev.perilune.query.checklists;

import org.jspecify.annotations.NullMarked;
