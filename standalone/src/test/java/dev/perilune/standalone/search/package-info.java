/** Search from the stored texts to the answer. */
@NullMarked
package dev.perilune.standalone.search;

import org.jspecify.annotations.NullMarked;
