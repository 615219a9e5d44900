package dev.perilune.benchmarks.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of one run: as a table, as JSON, as a plot. */
final class Report {

  private final Bench bench;
  private final String layout;

  Report(Bench bench) {
    this.bench = bench;
    this.layout = layout(bench.figures());
  }

  /** For people; the ratio is that of the value to its baseline. */
  String table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("scenario", "figure", "value", "unit", "ratio", "baseline; target"));
    for (Figure figure : bench.figures()) {
      Double ratio = figure.ratio();
      lines.add(
          row(
              figure.scenario(),
              figure.name(),
              Figure.text(figure.value()),
              figure.unit(),
              ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio),
              held(figure)));
    }
    return String.join("\n", lines);
  }

  /** Writes {@code results.json} and {@code results.svg}. */
  void write() throws IOException {
    Files.createDirectories(bench.out());
    new JsonMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(bench.out().resolve("results.json").toFile(), json());
    Files.writeString(bench.out().resolve("results.svg"), Plot.svg(bench.figures()));
  }

  private ObjectNode json() {
    JsonMapper mapper = new JsonMapper();
    Runtime machine = Runtime.getRuntime();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("at", Instant.now().toString())
            .put("cores", machine.availableProcessors())
            .put("java", Runtime.version().toString())
            .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .put("seconds", bench.seconds().toSeconds())
            .put("storedRuns", bench.runs())
            .put("backlogEvents", bench.backlogEvents());
    ArrayNode figures = json.putArray("figures");
    for (Figure figure : bench.figures()) {
      ObjectNode one =
          figures
              .addObject()
              .put("scenario", figure.scenario())
              .put("name", figure.name())
              .put("value", figure.value())
              .put("unit", figure.unit());
      Figure.Baseline baseline = figure.baseline();
      if (baseline != null) {
        one.putObject("baseline").put("name", baseline.name()).put("value", baseline.value());
        one.put("ratio", figure.ratio());
      }
      if (!figure.target().isEmpty()) {
        one.put("target", figure.target());
      }
    }
    return json;
  }

  private static String held(Figure figure) {
    Figure.Baseline baseline = figure.baseline();
    String against = baseline == null ? "" : baseline.name() + ": " + Figure.text(baseline.value());
    String between = against.isEmpty() || figure.target().isEmpty() ? "" : "; ";
    return against + between + figure.target();
  }

  private String row(Object... cells) {
    return String.format(Locale.ROOT, layout, cells).stripTrailing();
  }

  /** As wide as the longest scenario and the longest name. */
  private static String layout(List<Figure> figures) {
    int scenario = figures.stream().mapToInt(figure -> figure.scenario().length()).max().orElse(8);
    int name = figures.stream().mapToInt(figure -> figure.name().length()).max().orElse(6);
    return "%-" + scenario + "s  %-" + name + "s %12s %-12s %8s  %s";
  }
}
