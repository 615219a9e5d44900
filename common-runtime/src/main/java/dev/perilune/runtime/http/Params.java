package dev.perilune.runtime.http;

import dev.perilune.model.RunIds;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Typed values of a path or a query. A malformed id in the path is {@link Problem.NotFound}, since
 * nothing can have it; a malformed query value is {@link Problem.Invalid} and names the parameter.
 * A query value that is empty counts as absent.
 */
public final class Params {

  private Params() {}

  public static String pathText(RoutingContext ctx, String name) {
    String value = ctx.pathParam(name);
    if (value == null || value.isEmpty()) {
      throw new Problem.NotFound();
    }
    return value;
  }

  public static UUID pathUuid(RoutingContext ctx, String name) {
    UUID uuid = RunIds.parseUuid(pathText(ctx, name));
    if (uuid == null) {
      throw new Problem.NotFound();
    }
    return uuid;
  }

  /** A positive whole number in the path, such as a template's id. */
  public static long pathNumber(RoutingContext ctx, String name) {
    try {
      return Long.parseLong(pathText(ctx, name));
    } catch (NumberFormatException notANumber) {
      throw new Problem.NotFound();
    }
  }

  /** The first value of a query parameter, or null. */
  public static @Nullable String text(RoutingContext ctx, String name) {
    String value = ctx.queryParams().get(name);
    if (value != null && value.indexOf('\0') >= 0) {
      // the database has no such character
      throw new Problem.Invalid(name, "must not have the character NUL");
    }
    return value == null || value.isEmpty() ? null : value;
  }

  /** Every value of a repeated query parameter, in order. */
  public static List<String> texts(RoutingContext ctx, String name) {
    return ctx.queryParams().getAll(name);
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public static int integer(RoutingContext ctx, String name, int fallback, int min, int max) {
    String value = text(ctx, name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same text serves a word and a number out of range
    }
    throw new Problem.Invalid(name, "must be " + min + " to " + max + ", was " + shortened(value));
  }

  public static boolean flag(RoutingContext ctx, String name, boolean fallback) {
    String value = text(ctx, name);
    if (value == null) {
      return fallback;
    }
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new Problem.Invalid(name, "must be true or false, was " + shortened(value));
    };
  }

  public static @Nullable UUID uuid(RoutingContext ctx, String name) {
    String value = text(ctx, name);
    if (value == null) {
      return null;
    }
    UUID uuid = RunIds.parseUuid(value);
    if (uuid == null) {
      throw new Problem.Invalid(name, "must be a UUID, was " + shortened(value));
    }
    return uuid;
  }

  /** An ISO-8601 date (midnight UTC) or date-time; a date-time without an offset is UTC. */
  public static @Nullable Instant instant(RoutingContext ctx, String name) {
    String value = text(ctx, name);
    if (value == null) {
      return null;
    }
    try {
      return parsed(value);
    } catch (DateTimeParseException notADate) {
      throw new Problem.Invalid(
          name, "must be a date such as 2026-03-01T00:00:00Z, was " + shortened(value));
    }
  }

  private static Instant parsed(String value) {
    // an unescaped plus sign of an offset arrives as a space
    String text = value.replace(' ', '+');
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 9;
    return OffsetDateTime.parse(offset ? text : text + "Z").toInstant();
  }

  private static String shortened(String value) {
    return value.length() <= 60 ? value : value.substring(0, 60) + "…";
  }
}
