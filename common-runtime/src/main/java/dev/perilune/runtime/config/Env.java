package dev.perilune.runtime.config;

import dev.perilune.model.RunIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from environment variables and gathers every fault, so that an operator mends all
 * of them in one go. A variable that is empty counts as unset, which is what compose files produce
 * for {@code ${NAME:-}}.
 *
 * <p>Readers never fail: they note the fault and return the fallback. Call {@link #check()} after
 * the last reader and before using any value.
 */
public final class Env {

  private final Map<String, String> variables;
  private final List<InvalidSettings.Fault> faults = new ArrayList<>();

  public Env(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The variables of this process. */
  public static Env ofProcess() {
    return new Env(System.getenv());
  }

  public String text(String name, String fallback) {
    String value = given(name);
    return value == null ? fallback : value;
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public int integer(String name, int fallback, int min, int max) {
    return Math.toIntExact(longInteger(name, fallback, min, max));
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public long longInteger(String name, long fallback, long min, long max) {
    String value = given(name);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same cure serves a word and a number out of range
    }
    fault(name, value, "must be a whole number from " + min + " to " + max);
    return fallback;
  }

  /** {@code true}, {@code 1}, {@code yes}, {@code on} or their opposites, in any case. */
  public boolean flag(String name, boolean fallback) {
    String value = given(name);
    if (value == null) {
      return fallback;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> {
        fault(name, value, "must be true or false");
        yield fallback;
      }
    };
  }

  /** A UUID of any version, or null when unset. */
  public @Nullable UUID uuid(String name) {
    String value = given(name);
    if (value == null) {
      return null;
    }
    UUID uuid = RunIds.parseUuid(value);
    if (uuid == null) {
      fault(name, value, "must be a UUID such as 7354c1fc-28b4-4d9f-ad70-eccc3a9d009d");
    }
    return uuid;
  }

  /** Whether the variable is set to something. */
  public boolean has(String name) {
    return given(name) != null;
  }

  /** Notes a fault that a settings record found itself. Hide secrets in {@code value} first. */
  public void fault(String name, String value, String cure) {
    InvalidSettings.Fault fault = new InvalidSettings.Fault(name, value, cure);
    // several records of one process may read the same variable
    if (!faults.contains(fault)) {
      faults.add(fault);
    }
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidSettings naming every fault noted so far
   */
  public void check() {
    if (!faults.isEmpty()) {
      throw new InvalidSettings(faults);
    }
  }

  private @Nullable String given(String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
