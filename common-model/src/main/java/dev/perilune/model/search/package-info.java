/**
 * What the search index holds of a text: its words, and the compact lists of the runs they are in.
 */
@NullMarked
package dev.perilune.model.search;

import org.jspecify.annotations.NullMarked;
