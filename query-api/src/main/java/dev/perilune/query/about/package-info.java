/** Tells what answers here. */
@NullMarked
package dev.perilune.query.about;

import org.jspecify.annotations.NullMarked;
