/** Answers what happened over time and what came first, for a project or an organisation. */
@NullMarked
package dev.perilune.query.analytics;

import org.jspecify.annotations.NullMarked;
