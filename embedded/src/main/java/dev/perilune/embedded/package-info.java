/**
 * Kafka and Postgres started by this process and stopped with it, keeping their data in a folder.
 */
@NullMarked
package dev.perilune.embedded;

import org.jspecify.annotations.NullMarked;
