/** One HTTP server for every service: routing, answers, failures, cross-origin rules. */
@NullMarked
package dev.perilune.runtime.http;

import org.jspecify.annotations.NullMarked;
