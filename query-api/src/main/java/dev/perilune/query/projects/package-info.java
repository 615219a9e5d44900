/** Projects of an organisation, their keys and their ingestion rules. */
@NullMarked
package dev.perilune.query.projects;

import org.jspecify.annotations.NullMarked;
