package dev.perilune.query.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.query.filter.EvaluationCondition.Labelled;
import dev.perilune.query.filter.EvaluationCondition.Labels;
import dev.perilune.query.filter.FieldCondition.Where;
import dev.perilune.query.filter.NumberCondition.Measure;
import java.util.Optional;

/** What each filter asks, given its values. */
final class Conditions {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Conditions() {}

  /**
   * The filter, or nothing if it lacks values and so counts as not given.
   *
   * @throws dev.perilune.runtime.http.Problem.Invalid if a value is not what it has to be
   */
  static Optional<Filter> of(FilterValues values) {
    FilterId id = values.id();
    boolean asksNothing = !id.hasMeaning() || id == FilterId.METADATA && !values.isComplete();
    if (asksNothing && values.has(0)) {
      return Optional.of(new FilterLeaf(id, new Condition.Always()));
    }
    return values.isComplete()
        ? Optional.of(new FilterLeaf(id, condition(values)))
        : Optional.empty();
  }

  private static Condition condition(FilterValues values) {
    return switch (values.id()) {
      case TYPE -> new Condition.Type(values.text(0));
      case MODELS -> new Condition.NameIn(values.texts(0));
      case TOOLS, RETRIEVERS -> new Condition.NamePart(values.text(0));
      case CUSTOM_EVENTS -> new Condition.CustomEvents(values.texts(0));
      case TAGS -> new Condition.Tagged(values.texts(0));
      case TEMPLATES ->
          new Condition.Templates(values.texts(0).stream().map(Long::parseLong).toList());
      case STATUS -> new Condition.Status(values.text(0));
      case FEEDBACK -> FeedbackCondition.of(values.path(), values.texts(0));
      case USERS -> UserCondition.of(values.texts(0));
      case USER_PROPS ->
          new FieldCondition(Where.USER_PROPS, values.text(0), unwrapped(values.text(1)));
      case METADATA -> new FieldCondition(Where.METADATA, values.text(0), values.text(1));
      case DATE_RANGE -> started(values);
      case DURATION -> number(Measure.DURATION_SECONDS, values, 0);
      case COST -> number(Measure.COST_USD, values, 0);
      case TOKENS -> number(Measure.tokens(values.text(0)), values, 1);
      case MESSAGES -> number(Measure.MESSAGES, values, 0);
      case SEARCH -> new TextCondition.Search(new SearchText(values.text(0)));
      case STRING -> TextCondition.Match.of(values);
      case LENGTH -> number(Measure.characters(values.text(0)), values, 1);
      case LANGUAGES -> new Labelled(Labels.LANGUAGE, values.text(0), values.texts(1));
      case PII -> new EvaluationCondition.Pii(values.flag(0));
      case TOPICS -> new Labelled(Labels.TOPIC, values.text(0), values.texts(1));
      case INTENTS -> new Labelled(Labels.INTENT, "input", values.texts(0));
      case TOXICITY -> new EvaluationCondition.Toxicity(values.text(0), values.texts(1));
      case SENTIMENT -> new EvaluationCondition.Sentiment(values.text(0), values.text(1));
      case REGEX, JSON, ASSERTION, TONE, FACTUALNESS, GUIDELINES, SIMILARITY, ROUGE ->
          new Condition.Always();
    };
  }

  private static Condition number(Measure measure, FilterValues values, int operatorAt) {
    return new NumberCondition(measure, values.operator(operatorAt), values.number(operatorAt + 1));
  }

  // the contract's word for a date that is none: the filter is true
  private static Condition started(FilterValues values) {
    boolean after = values.text(0).equals("gt");
    return values
        .time(1)
        .<Condition>map(time -> new Condition.Started(after, time))
        .orElseGet(Condition.Always::new);
  }

  /** Dashboards may send {@code {"type":"number","value":3}} for a value that is no text. */
  private static String unwrapped(String value) {
    if (!value.startsWith("{")) {
      return value;
    }
    try {
      JsonNode tree = MAPPER.readTree(value);
      boolean isTyped = tree.path("type").isTextual() && tree.has("value");
      return isTyped ? tree.get("value").asText() : value;
    } catch (JsonProcessingException plainText) {
      return value;
    }
  }
}
