package dev.perilune.model;

import org.jspecify.annotations.Nullable;

/**
 * Token counts as an SDK reported them, before any rule is applied; {@code null} = not reported.
 *
 * @param promptCached tokens read from a cache; some providers count them in {@code prompt}, some
 *     beside it
 */
public record ReportedUsage(
    @Nullable Integer prompt, @Nullable Integer completion, @Nullable Integer promptCached) {}
