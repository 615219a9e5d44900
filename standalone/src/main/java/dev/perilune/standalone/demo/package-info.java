/** A believable month of example data, sent to a running instance through its public API. */
@NullMarked
package dev.perilune.standalone.demo;

import org.jspecify.annotations.NullMarked;
