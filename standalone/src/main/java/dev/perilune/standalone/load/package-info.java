/** A load generator for first figures: what a running instance acknowledges and makes visible. */
@NullMarked
package dev.perilune.standalone.load;

import org.jspecify.annotations.NullMarked;
