package dev.perilune.query.runs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run and all below it come to.
 *
 * @param costUsd exact; null when no cost is known
 */
record TraceSums(
    int runs,
    long promptTokens,
    long cachedPromptTokens,
    long completionTokens,
    @Nullable BigDecimal costUsd) {

  /** The sums of every node of one tree, by id. */
  static Map<UUID, TraceSums> of(List<TraceNode> nodes) {
    Map<UUID, TraceSums> sums = new HashMap<>(2 * nodes.size());
    nodes.forEach(node -> sums.put(node.id(), node.ownSums()));
    List<TraceNode> upwards = new ArrayList<>(nodes);
    upwards.sort(Comparator.comparingInt(TraceNode::depth).reversed());
    for (TraceNode node : upwards) {
      // the root is nobody's child here, not even in a circle of parents
      if (node.depth() > 0) {
        sums.computeIfPresent(node.parentRunId(), (parent, sum) -> sum.plus(sums.get(node.id())));
      }
    }
    return sums;
  }

  private TraceSums plus(TraceSums more) {
    return new TraceSums(
        runs + more.runs,
        promptTokens + more.promptTokens,
        cachedPromptTokens + more.cachedPromptTokens,
        completionTokens + more.completionTokens,
        costUsd == null
            ? more.costUsd
            : more.costUsd == null ? costUsd : costUsd.add(more.costUsd));
  }
}
