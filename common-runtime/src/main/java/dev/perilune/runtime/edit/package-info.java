/** Changes to stored runs from outside of the processor, which it never undoes. */
@NullMarked
package dev.perilune.runtime.edit;

import org.jspecify.annotations.NullMarked;
