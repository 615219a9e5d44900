/** The audit log: who changed what, written with the change itself. */
@NullMarked
package dev.perilune.query.audit;

import org.jspecify.annotations.NullMarked;
