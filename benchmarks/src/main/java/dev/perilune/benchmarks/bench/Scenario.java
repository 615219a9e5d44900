package dev.perilune.benchmarks.bench;

/** One part of the measurement, with servers of its own. */
interface Scenario {

  /** What people call it on the command line. */
  String name();

  /** Adds its figures to the bench. */
  void measure(Bench bench) throws Exception;
}
