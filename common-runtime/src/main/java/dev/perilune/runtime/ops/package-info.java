/** What operators see: health checks and meters. */
@NullMarked
package dev.perilune.runtime.ops;

import org.jspecify.annotations.NullMarked;
