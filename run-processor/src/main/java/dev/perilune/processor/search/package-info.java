/**
 * Keeps the search index: from runs that changed to segments, and from small ones to large ones.
 */
@NullMarked
package dev.perilune.processor.search;

import org.jspecify.annotations.NullMarked;
