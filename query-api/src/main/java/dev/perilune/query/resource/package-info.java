/** The kit of plain collections: body check, scope, paging, audit, JSON. */
@NullMarked
package dev.perilune.query.resource;

import org.jspecify.annotations.NullMarked;
