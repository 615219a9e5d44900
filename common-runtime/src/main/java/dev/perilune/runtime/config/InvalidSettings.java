package dev.perilune.runtime.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that the service cannot start with, all of them, each with its cure. */
public final class InvalidSettings extends RuntimeException {

  private final transient List<Fault> faults;

  InvalidSettings(List<Fault> faults) {
    super(
        faults.stream()
            .map(Fault::toString)
            .collect(Collectors.joining("\n  ", "Settings cannot be used:\n  ", "")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }

  /**
   * One setting that is wrong.
   *
   * @param value as given, already hidden where it holds a secret
   * @param cure what would be right
   */
  public record Fault(String name, String value, String cure) {
    @Override
    public String toString() {
      return name + (value.isEmpty() ? " is not set" : "=" + value) + ": " + cure;
    }
  }
}
