package dev.perilune.query.filter;

import java.util.List;
import java.util.stream.Collectors;

/** Runs of which an evaluator's result says something; one existence test for each. */
sealed interface EvaluationCondition extends Condition {

  String RESULT =
      """
      EXISTS (SELECT FROM evaluation_result_v2 e
                JOIN evaluator v ON v.project_id = e.project_id AND v.id = e.evaluator_id
               WHERE e.project_id = r.project_id AND e.run_id = r.id AND v.type = '%s'
                 AND (%s) OFFSET 0)\
      """;

  /** One of these labels stands somewhere in the result. */
  record Labelled(Labels labels, String side, List<String> wanted) implements EvaluationCondition {
    @Override
    public String sql(SqlArguments arguments) {
      String path = "$." + side + labels.path;
      return RESULT.formatted(
          labels.evaluator,
          "jsonb_path_query_array(e.result, '%s') ?| %s::text[]"
              .formatted(path, arguments.add(wanted.toArray(String[]::new))));
    }
  }

  /** Which labels, by evaluator and by their path below a side. */
  enum Labels {
    LANGUAGE("language", "[*].isoCode"),
    TOPIC("topics", "[*][*].topic"),
    INTENT("intent", "[*].intents[*].label");

    private final String evaluator;
    private final String path;

    Labels(String evaluator, String path) {
      this.evaluator = evaluator;
      this.path = path;
    }
  }

  /** Personal data was found, or was not. */
  record Pii(boolean found) implements EvaluationCondition {
    @Override
    public String sql(SqlArguments arguments) {
      String finding = RESULT.formatted("pii", "jsonb_path_exists(e.result, '$.*[*][*].type')");
      return found ? finding : "NOT " + finding;
    }
  }

  /** A side was judged toxic, or not toxic. */
  record Toxicity(String side, List<String> verdicts) implements EvaluationCondition {
    @Override
    public String sql(SqlArguments arguments) {
      String verdict = side.equals("input") ? field("toxicInput") : field("toxicOutput");
      return RESULT.formatted(
          "toxicity",
          verdicts.stream()
              .map(one -> verdict + (one.equals("toxicity") ? " = 'true'" : " = 'false'"))
              .collect(Collectors.joining(" OR ")));
    }

    // stored in either spelling
    private static String field(String name) {
      String words = name.equals("toxicInput") ? "toxic_input" : "toxic_output";
      return "coalesce(e.result ->> '%s', e.result ->> '%s')".formatted(words, name);
    }
  }

  /** The last message of a side sounds so. */
  record Sentiment(String side, String label) implements EvaluationCondition {
    @Override
    public String sql(SqlArguments arguments) {
      return RESULT.formatted(
          "sentiment",
          "jsonb_path_query_first(e.result, '$.%s[last].label') #>> '{}' = %s"
              .formatted(side, arguments.add(label)));
    }
  }
}
