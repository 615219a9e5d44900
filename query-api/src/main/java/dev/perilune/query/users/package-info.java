/** The users of a project's applications: what they cost, what is known of them, and erasure. */
@NullMarked
package dev.perilune.query.users;

import org.jspecify.annotations.NullMarked;
