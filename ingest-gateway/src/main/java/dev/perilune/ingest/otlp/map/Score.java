package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.SpanData;
import dev.perilune.model.wire.EventDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation says of a run.
 *
 * @param value a number, a text or a boolean
 */
record Score(String label, Object value, @Nullable String comment) {
  private static final List<String> OPENINFERENCE = List.of("annotation", "evaluation");
  private static final String EVALUATION = "gen_ai.evaluation.";

  /** The result that an event of OpenTelemetry tells; null if it tells none. */
  static @Nullable Score of(Map<String, Object> attributes) {
    return of(
        attributes.get(EVALUATION + "name"),
        attributes.get(EVALUATION + "score.value"),
        attributes.get(EVALUATION + "score.label"),
        attributes.get(EVALUATION + "explanation"));
  }

  /** All that OpenInference keeps in a span's attributes. */
  static List<Score> all(Attributes attributes) {
    List<Score> scores = new ArrayList<>();
    for (String kind : OPENINFERENCE) {
      String prefix = kind + "s.";
      if (!attributes.hasPrefix(prefix)) {
        continue;
      }
      for (Map<String, Object> element : DottedTree.elements(attributes.tree(prefix))) {
        Score score = ofElement(element.get(kind));
        if (score != null) {
          scores.add(score);
        }
      }
      attributes.each(
          prefix,
          (key, value) -> {
            if (key.contains("." + kind + ".")) {
              attributes.use(key);
            }
          });
    }
    return scores;
  }

  private static @Nullable Score ofElement(@Nullable Object element) {
    return element instanceof Map<?, ?> map
        ? of(map.get("name"), map.get("score"), map.get("label"), map.get("explanation"))
        : null;
  }

  private static @Nullable Score of(
      @Nullable Object name,
      @Nullable Object number,
      @Nullable Object word,
      @Nullable Object explanation) {
    String label = Coerce.text(name);
    Object value = Coerce.number(number);
    value = value != null ? value : Coerce.text(word);
    return label == null || value == null
        ? null
        : new Score(label, value, Coerce.text(explanation));
  }

  EventDraft draft(SpanData span, long atMicros) {
    return SpanTranslator.draft("score", TypeRules.LLM, span, atMicros)
        .score(label, value, comment);
  }
}
