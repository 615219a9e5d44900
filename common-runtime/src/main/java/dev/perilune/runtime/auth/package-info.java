/** Who asks: API keys become callers, or a refusal with its reason. */
@NullMarked
package dev.perilune.runtime.auth;

import org.jspecify.annotations.NullMarked;
