/** What models cost: an organisation's own prices beside those that ship with the product. */
@NullMarked
package dev.perilune.query.models;

import org.jspecify.annotations.NullMarked;
