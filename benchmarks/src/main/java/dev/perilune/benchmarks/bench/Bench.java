package dev.perilune.benchmarks.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of the measurement: how long, how much, and what came out so far.
 *
 * @param seconds how long each figure is measured
 * @param runs stored runs that reads are measured on
 * @param backlogEvents events that processors find waiting
 * @param profile whether services record profiles
 * @param out folder of results, logs and profiles
 * @param data folder that keeps what reads are measured on; null: made anew each time
 * @param question a part of the names of the reads to ask; empty: all of them
 */
record Bench(
    Duration seconds,
    long runs,
    long backlogEvents,
    boolean profile,
    Path out,
    @Nullable Path data,
    String question,
    PrintStream progress,
    List<Figure> figures) {

  Bench(
      Duration seconds,
      long runs,
      long backlogEvents,
      boolean profile,
      Path out,
      @Nullable Path data,
      String question,
      PrintStream progress) {
    this(seconds, runs, backlogEvents, profile, out, data, question, progress, new ArrayList<>());
  }

  /** Long enough for the compilers to be done with what matters. */
  Duration warmup() {
    return seconds.dividedBy(2);
  }

  Lab.Options lab(int partitions) {
    return new Lab.Options(partitions, profile, out);
  }

  void tell(String doing) {
    progress.println("  " + doing);
  }

  void add(Figure figure) {
    figures.add(figure);
  }
}
