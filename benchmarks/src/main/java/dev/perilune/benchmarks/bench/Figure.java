package dev.perilune.benchmarks.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured number.
 *
 * @param scenario what was done
 * @param name what was measured
 * @param unit such as {@code runs/s} or {@code ms}
 * @param baseline the same work done by the bare part, in the same unit; null where there is none
 * @param target what it should be, for people; empty where nothing is asked
 */
record Figure(
    String scenario,
    String name,
    double value,
    String unit,
    @Nullable Baseline baseline,
    String target) {

  /** What a figure is held against. */
  record Baseline(String name, double value) {}

  static Figure of(String scenario, String name, double value, String unit) {
    return new Figure(scenario, name, value, unit, null, "");
  }

  Figure against(String name, double value) {
    return new Figure(scenario, this.name, this.value, unit, new Baseline(name, value), target);
  }

  Figure target(String text) {
    return new Figure(scenario, name, value, unit, baseline, text);
  }

  /** The value as a share of its baseline. */
  @Nullable Double ratio() {
    return baseline == null || baseline.value == 0 ? null : value / baseline.value;
  }

  /** A number as people read it: three figures that count. */
  static String text(double value) {
    double size = Math.abs(value);
    String layout = size >= 100 ? "%,.0f" : size >= 10 ? "%,.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, layout, value);
  }
}
