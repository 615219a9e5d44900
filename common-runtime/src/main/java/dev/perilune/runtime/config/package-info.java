/** Settings: environment variables become checked records, and every fault is told at once. */
@NullMarked
package dev.perilune.runtime.config;

import org.jspecify.annotations.NullMarked;
