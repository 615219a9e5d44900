package dev.perilune.query.runs;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.http.Problem;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last run of a page, by which the next page is found without counting.
 *
 * @param value what the list is ordered by: a start time, else a number or null
 */
public record PageEnd(@Nullable String value, UUID id) {

  private static final String PARAMETER = "cursor";
  private static final String SEPARATOR = "|";
  private static final int LONGEST = 200;
  private static final int LONGEST_NUMBER = 60;
  private static final int FIRST_YEAR = -4000;
  private static final int LAST_YEAR = 100_000;

  /** The same for clients, who hand it back as it is. */
  String cursor(RunOrder order) {
    String text = String.join(SEPARATOR, order.name(), value == null ? "" : value, id.toString());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #cursor} wrote.
   *
   * @throws Problem.Invalid if it is none, or one of a list in another order
   */
  static PageEnd ofCursor(String cursor, RunOrder order) {
    return parts(cursor)
        .filter(parts -> parts.length == 3 && parts[0].equals(order.name()))
        .flatMap(parts -> of(parts[1], parts[2], order))
        .orElseThrow(
            () ->
                new Problem.Invalid(
                    PARAMETER, "Expected the nextCursor of a list in the same order"));
  }

  private static Optional<String[]> parts(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      return text.length() > LONGEST ? Optional.empty() : Optional.of(text.split("\\|", -1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<PageEnd> of(String value, String id, RunOrder order) {
    UUID uuid = RunIds.parseUuid(id);
    boolean isNull = value.isEmpty() && !order.isByStart();
    if (uuid == null || !isNull && !(order.isByStart() ? isTime(value) : isNumber(value))) {
      return Optional.empty();
    }
    return Optional.of(new PageEnd(isNull ? null : value, uuid));
  }

  private static boolean isTime(String value) {
    try {
      int year = OffsetDateTime.parse(value).getYear();
      return year > FIRST_YEAR && year < LAST_YEAR;
    } catch (DateTimeException notATime) {
      return false;
    }
  }

  private static boolean isNumber(String value) {
    try {
      return value.length() <= LONGEST_NUMBER
          && Math.abs((long) new BigDecimal(value).scale()) <= LONGEST_NUMBER;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }
}
