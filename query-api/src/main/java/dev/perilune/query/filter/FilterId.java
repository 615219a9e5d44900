package dev.perilune.query.filter;

import static dev.perilune.query.filter.FilterParameter.date;
import static dev.perilune.query.filter.FilterParameter.many;
import static dev.perilune.query.filter.FilterParameter.manyWhole;
import static dev.perilune.query.filter.FilterParameter.number;
import static dev.perilune.query.filter.FilterParameter.oneOf;
import static dev.perilune.query.filter.FilterParameter.operator;
import static dev.perilune.query.filter.FilterParameter.side;
import static dev.perilune.query.filter.FilterParameter.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every filter that a query may name, with its values in the order in which a query gives them. */
public enum FilterId {
  TYPE("type", text("type")),
  MODELS("models", many("models")),
  TOOLS("tools", text("toolName")),
  RETRIEVERS("retrievers", text("retrieverName")),
  CUSTOM_EVENTS("custom-events", many("custom-events")),
  TAGS("tags", many("tags")),
  TEMPLATES("templates", manyWhole("templates")),
  STATUS("status", text("status")),
  FEEDBACK("feedback", many("types")),
  USERS("users", many("users")),
  USER_PROPS("user-props", text("key"), text("value")),
  METADATA("metadata", text("key"), text("value")),
  DATE_RANGE("date", oneOf("operator", "gt", "lt"), date("date")),
  DURATION("duration", operator(), number("duration")),
  COST("cost", operator(), number("cost")),
  TOKENS("tokens", oneOf("field", "total", "prompt", "completion"), operator(), number("tokens")),
  MESSAGES("messages", operator(), number("messages")),
  SEARCH("search", text("query")),
  STRING(
      "string",
      oneOf("fields", "input", "output", "any"),
      oneOf("type", "contains", "notcontains", "starts", "ends"),
      oneOf("sensitive", "true", "false"),
      text("text")),
  LENGTH("length", side(), operator(), number("length")),
  LANGUAGES("languages", side(), many("codes")),
  PII("pii", oneOf("containsPii", "true", "false")),
  TOPICS("topics", side(), many("topics")),
  INTENTS("intents", many("intents")),
  TOXICITY("toxicity", side(), many("topics", "toxicity", "non-toxicity")),
  SENTIMENT("sentiment", side(), oneOf("sentiment", "positive", "neutral", "negative")),

  // These judge a text inside an evaluation; no stored run can be asked for them.
  REGEX("regex", text("field"), text("type"), text("regex")),
  JSON("json", text("field"), text("type")),
  ASSERTION("assertion"),
  TONE("tone"),
  FACTUALNESS("factualness"),
  GUIDELINES("guidelines"),
  SIMILARITY("similarity"),
  ROUGE("rouge");

  private static final Map<String, FilterId> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(FilterId::wireName, Function.identity()));

  private final String wireName;
  private final List<FilterParameter> parameters;

  FilterId(String wireName, FilterParameter... parameters) {
    this.wireName = wireName;
    this.parameters = List.of(parameters);
  }

  /** The name of the query parameter, and the {@code id} of the JSON form. */
  public String wireName() {
    return wireName;
  }

  /** The filter's values, in the order in which a query gives them. */
  public List<FilterParameter> parameters() {
    return parameters;
  }

  /** Whether it can be asked of a stored run at all. */
  boolean hasMeaning() {
    return compareTo(REGEX) < 0;
  }

  /** The filter of that name, if the name is a filter's at all. */
  public static Optional<FilterId> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }
}
