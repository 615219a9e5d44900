package dev.perilune.benchmarks.bench;

import dev.perilune.benchmarks.micro.SampleEvents;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The small benchmarks (JMH): what one call takes, beside the least that could do the job. */
final class MicroScenario implements Scenario {

  /** Which baseline each benchmark is held against. */
  private static final Map<String, String> BASELINES =
      Map.of(
          "EventCodecBenchmark.read100Events", "EventCodecBenchmark.baselineTokensOf100Events",
          "EventCodecBenchmark.decodeOneRecord", "EventCodecBenchmark.baselineTokensOfOneRecord",
          "OtlpTranslatorBenchmark.translate100Spans",
              "OtlpTranslatorBenchmark.baselineDecode100Spans",
          "TokenCounterBenchmark.countTokens", "TokenCounterBenchmark.baselineLibrary",
          "RunFoldBenchmark.decodeAndFold", "RunFoldBenchmark.baselineDecode");

  private static final int ITERATIONS = 5;

  @Override
  public String name() {
    return "micro";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    long iterationMillis = Math.max(200, bench.seconds().toMillis() / (4 * ITERATIONS));
    Options options =
        new OptionsBuilder()
            .include(SampleEvents.class.getPackageName() + ".*")
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(iterationMillis))
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    Map<String, Double> micros =
        results.stream()
            .collect(
                Collectors.toMap(
                    result -> shortName(result.getParams().getBenchmark()),
                    result -> result.getPrimaryResult().getScore()));
    BASELINES.keySet().stream()
        .sorted()
        .forEach(name -> bench.add(figure(name, BASELINES.get(name), micros)));
  }

  /** Time, so the ratio tells how many times the baseline's is needed. */
  private static Figure figure(String name, String baseline, Map<String, Double> micros) {
    return Figure.of("one call", name, micros.get(name), "us")
        .against(baseline, micros.get(baseline));
  }

  private static String shortName(String benchmark) {
    int dot = benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1);
    return benchmark.substring(dot + 1);
  }
}
