/** The command line, and all services in one process over an embedded broker and database. */
@NullMarked
package dev.perilune.standalone;

import org.jspecify.annotations.NullMarked;
