/** The description of every route, and a page to read it. */
@NullMarked
package dev.perilune.query.openapi;

import org.jspecify.annotations.NullMarked;
