/** What commands share that talk to a running instance: where it is, with which key. */
@NullMarked
package dev.perilune.standalone.remote;

import org.jspecify.annotations.NullMarked;
