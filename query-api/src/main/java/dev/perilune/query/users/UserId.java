package dev.perilune.query.users;

import org.jspecify.annotations.Nullable;

/**
 * How a path names a user: by the internal id, or by the application's id where that is no number.
 * One of the two is null.
 */
record UserId(@Nullable Long id, @Nullable String externalId) {

  static UserId of(String text) {
    try {
      return new UserId(Long.valueOf(text), null);
    } catch (NumberFormatException notANumber) {
      return new UserId(null, text);
    }
  }
}
