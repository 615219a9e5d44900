/** Work that takes longer than a request: starting it, watching it, ending it. */
@NullMarked
package dev.perilune.query.jobs;

import org.jspecify.annotations.NullMarked;
