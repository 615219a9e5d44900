/** Work in the background that people ask for: costs by today's prices, projects to be gone. */
@NullMarked
package dev.perilune.processor.jobs;

import org.jspecify.annotations.NullMarked;
