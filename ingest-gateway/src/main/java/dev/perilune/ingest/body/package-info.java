/** Request bodies: bounded in size, in time and in what all of them may hold together. */
@NullMarked
package dev.perilune.ingest.body;

import org.jspecify.annotations.NullMarked;
