package dev.perilune.query.filter;

import static dev.perilune.query.filter.FilterId.Kind.DATE;
import static dev.perilune.query.filter.FilterId.Kind.MULTI;
import static dev.perilune.query.filter.FilterId.Kind.NUMBER;
import static dev.perilune.query.filter.FilterId.Kind.SINGLE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every filter that a query may name, with the kinds of its parameters in their order. */
public enum FilterId {
  TYPE("type", SINGLE),
  MODELS("models", MULTI),
  TOOLS("tools", SINGLE),
  RETRIEVERS("retrievers", SINGLE),
  CUSTOM_EVENTS("custom-events", MULTI),
  TAGS("tags", MULTI),
  TEMPLATES("templates", MULTI),
  STATUS("status", SINGLE),
  FEEDBACK("feedback", MULTI),
  USERS("users", MULTI),
  USER_PROPS("user-props", SINGLE, SINGLE),
  METADATA("metadata", SINGLE, SINGLE),
  DATE_RANGE("date", SINGLE, DATE),
  DURATION("duration", SINGLE, NUMBER),
  COST("cost", SINGLE, NUMBER),
  TOKENS("tokens", SINGLE, SINGLE, NUMBER),
  MESSAGES("messages", SINGLE, NUMBER),
  SEARCH("search", SINGLE),
  STRING("string", SINGLE, SINGLE, SINGLE, SINGLE),
  LENGTH("length", SINGLE, SINGLE, NUMBER),
  LANGUAGES("languages", SINGLE, MULTI),
  PII("pii", SINGLE),
  TOPICS("topics", SINGLE, MULTI),
  INTENTS("intents", MULTI),
  TOXICITY("toxicity", SINGLE, MULTI),
  SENTIMENT("sentiment", SINGLE, SINGLE),

  // These judge a text inside an evaluation; no stored run can be asked for them.
  REGEX("regex", SINGLE, SINGLE, SINGLE),
  JSON("json", SINGLE, SINGLE),
  ASSERTION("assertion"),
  TONE("tone"),
  FACTUALNESS("factualness"),
  GUIDELINES("guidelines"),
  SIMILARITY("similarity"),
  ROUGE("rouge");

  /** How the text of one parameter is read. */
  public enum Kind {
    SINGLE,
    MULTI,
    NUMBER,
    DATE
  }

  private static final Map<String, FilterId> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(FilterId::wireName, Function.identity()));

  private final String wireName;
  private final List<Kind> parameters;

  FilterId(String wireName, Kind... parameters) {
    this.wireName = wireName;
    this.parameters = List.of(parameters);
  }

  /** The name of the query parameter. */
  public String wireName() {
    return wireName;
  }

  /** Kinds of the filter's values, in the order in which a query gives them. */
  public List<Kind> parameters() {
    return parameters;
  }

  /** The filter of that name, if the name is a filter's at all. */
  public static Optional<FilterId> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }
}
