/** Keeps in memory what each user did on each UTC day, and counts and sums it. */
@NullMarked
package dev.perilune.query.analytics.days;

import org.jspecify.annotations.NullMarked;
