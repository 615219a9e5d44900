package dev.perilune.processor.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a recalculation changes, in all and by the name that runs give their model. Costs are US
 * dollars of the changed runs, unknown ones counting 0.
 */
final class RecostReport {
  /** Names beyond these are added up under one. */
  private static final int MOST_NAMES = 1_000;

  private static final int LONGEST_NAME = 200;
  private static final int LISTED_NAMES = 200;
  private static final String OTHERS = "(others)";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** What changes for one model. */
  record Change(long runs, BigDecimal before, BigDecimal after) {
    static final Change NONE = new Change(0, BigDecimal.ZERO, BigDecimal.ZERO);

    Change plus(Change other) {
      return new Change(runs + other.runs, before.add(other.before), after.add(other.after));
    }

    BigDecimal difference() {
      return after.subtract(before);
    }
  }

  @JsonProperty("models")
  private final Map<String, Change> models;

  RecostReport() {
    this(new HashMap<>());
  }

  @JsonCreator
  private RecostReport(@JsonProperty("models") Map<String, Change> models) {
    this.models = new HashMap<>(models);
  }

  void add(@Nullable String model, @Nullable BigDecimal before, @Nullable BigDecimal after) {
    String name = model == null ? "" : model;
    name = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    String kept = models.containsKey(name) || models.size() < MOST_NAMES ? name : OTHERS;
    models.merge(kept, new Change(1, orZero(before), orZero(after)), Change::plus);
  }

  /** As people read it: the models whose cost changes most first. */
  String json(long runs) {
    Change all = models.values().stream().reduce(Change.NONE, Change::plus);
    ObjectNode report = MAPPER.createObjectNode().put("runs", runs);
    put(report, all);
    ArrayNode listed = report.putArray("models");
    sorted().stream()
        .limit(LISTED_NAMES)
        .forEach(model -> put(listed.addObject().put("name", model.getKey()), model.getValue()));
    return report.toString();
  }

  private List<Map.Entry<String, Change>> sorted() {
    return models.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, Change> model) -> model.getValue().difference().abs())
                .reversed()
                .thenComparing(Map.Entry::getKey))
        .toList();
  }

  private static void put(ObjectNode json, Change change) {
    json.put("changed", change.runs())
        .put("costBefore", change.before())
        .put("costAfter", change.after());
  }

  private static BigDecimal orZero(@Nullable BigDecimal cost) {
    return cost == null ? BigDecimal.ZERO : cost;
  }
}
