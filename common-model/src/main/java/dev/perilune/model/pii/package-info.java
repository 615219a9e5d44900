/** Finds what identifies a person in texts, and puts a placeholder in its place. */
@NullMarked
package dev.perilune.model.pii;

import org.jspecify.annotations.NullMarked;
