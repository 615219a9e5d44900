package dev.perilune.processor.store;

import org.jspecify.annotations.Nullable;

/** A run as it is stored, without its payload; {@code fold} tells how it came to be so. */
public record StoredRun(RunRow row, @Nullable String fold) {}
