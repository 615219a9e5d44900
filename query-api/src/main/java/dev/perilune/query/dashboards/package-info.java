/** Dashboards, their charts and the library of custom charts. */
@NullMarked
package dev.perilune.query.dashboards;

import org.jspecify.annotations.NullMarked;
