/** JUnit extensions, samples and a clock that the tests of every module share. */
@NullMarked
package dev.perilune.testkit;

import org.jspecify.annotations.NullMarked;
