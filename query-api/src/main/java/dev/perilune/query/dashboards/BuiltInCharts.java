package dev.perilune.query.dashboards;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The charts that every installation has, in the order of the default dashboard. */
final class BuiltInCharts {
  private static final List<Chart> CHARTS =
      List.of(
          top("models/top", "Top Models", "The models used most"),
          top("templates/top", "Top Prompts", "The prompt templates used most"),
          top("users/top", "Top Users", "Users by what they cost"),
          area("tokens", "Tokens", "sum", null, "Tokens that model calls used"),
          top("agents/top", "Top Agents", "Agents by tokens and cost"),
          area("threads", "Active Conversations", "sum", null, "Conversations by period"),
          area("costs", "Costs", "sum", null, "What model calls cost"),
          area("errors", "Errors Volume", "sum", "red", "Errors that were reported"),
          area("users/new", "New Users", "sum", "green", "Users seen for the first time"),
          area("users/active", "Active Users", "sum", "yellow", "Users active in the period"),
          area("users/average-cost", "Avg. User Cost", "avg", "green", "Cost of a user on average"),
          area("run-types", "Events Volume", "sum", null, "All events by their type"),
          area("latency", "LLM Latencies", "avg", null, "How long calls took, by percentile"),
          area(
              "feedback-ratio",
              "Thumb Up/Down Score",
              "avg",
              "blue",
              "Thumbs up less thumbs down, from -1 to 1"),
          area("feedback/thumb/up", "Total Thumbs Up", "sum", "green", "Thumbs up by period"),
          area("feedback/thumb/down", "Total Thumbs Down", "sum", "red", "Thumbs down by period"),
          top("languages/top", "Top Languages", "Languages that were detected"),
          top("topics/top", "Top Topics", "Topics that were detected"));

  private BuiltInCharts() {}

  private record Chart(
      String id,
      String name,
      String type,
      @Nullable String aggregation,
      @Nullable String color,
      String description) {}

  static List<String> ids() {
    return CHARTS.stream().map(Chart::id).toList();
  }

  static boolean has(String id) {
    return CHARTS.stream().anyMatch(chart -> chart.id().equals(id));
  }

  /** Column values of a chart on a dashboard. */
  static Map<String, @Nullable String> values(String id) {
    Chart chart = CHARTS.stream().filter(known -> known.id().equals(id)).findFirst().orElseThrow();
    Map<String, @Nullable String> values = new HashMap<>();
    values.put("name", chart.name());
    values.put("description", chart.description());
    values.put("type", chart.type());
    values.put("data_key", chart.id());
    values.put("aggregation_method", chart.aggregation());
    values.put("color", chart.color());
    values.put("is_custom", "false");
    return values;
  }

  private static Chart top(String id, String name, String description) {
    return new Chart(id, name, "Top", null, null, description);
  }

  private static Chart area(
      String id, String name, String aggregation, @Nullable String color, String description) {
    return new Chart(id, name, "Area", aggregation, color, description);
  }
}
