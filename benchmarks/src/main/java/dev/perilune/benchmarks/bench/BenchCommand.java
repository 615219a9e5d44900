package dev.perilune.benchmarks.bench;

import dev.perilune.standalone.StartRefused;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures Perilune on this machine, and prints each figure beside its baseline. */
@Command(
    name = "bench",
    description = {
      "Start what is measured on this machine, measure it, print a table and write it as JSON and"
          + " SVG.",
      "Parts: micro, start, gateway, pipeline, processors, figures, reads. All of them if none is"
          + " named."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class BenchCommand implements Runnable {
  private static final List<Scenario> SCENARIOS =
      List.of(
          new MicroScenario(),
          new StartScenario(),
          new GatewayScenario(),
          new PipelineScenario(),
          new ProcessorsScenario(),
          new FiguresScenario(),
          new ReadsScenario());

  @Parameters(arity = "0..*", paramLabel = "PART", description = "What to measure.")
  private List<String> parts = List.of();

  @Option(names = "--seconds", defaultValue = "20", description = "How long, for each figure.")
  private int seconds;

  @Option(names = "--runs", defaultValue = "1000000", description = "Stored runs for reads.")
  private long runs;

  @Option(names = "--backlog", defaultValue = "400000", description = "Events that wait.")
  private long backlog;

  @Option(names = "--profile", description = "Have every service record a profile (JFR).")
  private boolean profile;

  @Option(names = "--out", defaultValue = "bench-results", description = "Folder of the results.")
  private Path out;

  @Option(
      names = "--data",
      description = "Folder that keeps the stored runs of reads for the next time.")
  private @Nullable Path data;

  @Option(
      names = "--question",
      defaultValue = "",
      description = "Only reads whose name contains this, and nothing else of that part.")
  private String question;

  private final PrintStream print;

  public BenchCommand(PrintStream print) {
    this.print = print;
  }

  @Override
  public void run() {
    List<Scenario> chosen = chosen();
    Bench bench =
        new Bench(
            Duration.ofSeconds(requireRange("--seconds", seconds, 1, 3600)),
            requireRange("--runs", runs, 1_000, 100_000_000),
            requireRange("--backlog", backlog, 1_000, 100_000_000),
            profile,
            out,
            data,
            question,
            print);
    for (Scenario scenario : chosen) {
      print.println(scenario.name());
      measure(scenario, bench);
    }
    Report report = new Report(bench);
    print.println(report.table());
    try {
      report.write();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write into " + out + ": " + e, e);
    }
    print.println("Written to " + out);
  }

  private List<Scenario> chosen() {
    List<String> names = SCENARIOS.stream().map(Scenario::name).toList();
    for (String part : parts) {
      if (!names.contains(part)) {
        throw new StartRefused("There is no part " + part + "; there are " + names);
      }
    }
    return SCENARIOS.stream()
        .filter(scenario -> parts.isEmpty() || parts.contains(scenario.name()))
        .toList();
  }

  private static void measure(Scenario scenario, Bench bench) {
    try {
      scenario.measure(bench);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("Interrupted while measuring " + scenario.name());
    } catch (Exception e) {
      throw new IllegalStateException("Cannot measure " + scenario.name(), e);
    }
  }

  private static <N extends Number> N requireRange(String name, N value, long min, long max) {
    if (value.longValue() < min || value.longValue() > max) {
      throw new StartRefused(name + " must be " + min + " to " + max + ", was " + value);
    }
    return value;
  }
}
