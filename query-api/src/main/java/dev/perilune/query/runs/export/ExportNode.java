package dev.perilune.query.runs.export;

import dev.perilune.query.runs.RunKey;
import dev.perilune.query.runs.RunTreeSql.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A run at its place in an export.
 *
 * @param root the row that it belongs to; its own id for a row
 * @param depth generations below that row
 */
record ExportNode(RunKey key, UUID root, int depth, Part part) {

  /**
   * Each root, then once for each part all below it: parents before children, by start.
   *
   * @param places the roots and all below them by start
   */
  static List<ExportNode> inOrder(List<RunKey> roots, List<Place> places, List<Part> parts) {
    Map<UUID, List<RunKey>> children = new HashMap<>();
    for (Place place : places) {
      if (place.parentRunId() != null) {
        children.computeIfAbsent(place.parentRunId(), id -> new ArrayList<>()).add(place.key());
      }
    }
    List<ExportNode> nodes = new ArrayList<>();
    for (RunKey root : roots) {
      nodes.add(new ExportNode(root, root.id(), 0, Part.ROW));
      parts.forEach(part -> addBelow(root, children, part, nodes));
    }
    return nodes;
  }

  private static void addBelow(
      RunKey root, Map<UUID, List<RunKey>> children, Part part, List<ExportNode> nodes) {
    Deque<ExportNode> open = new ArrayDeque<>();
    open.push(new ExportNode(root, root.id(), 0, part));
    while (!open.isEmpty()) {
      ExportNode node = open.pop();
      if (node.depth > 0) {
        nodes.add(node);
      }
      List<RunKey> below = children.getOrDefault(node.key.id(), List.of());
      for (int i = below.size() - 1; i >= 0; i--) {
        // a run has one parent, so in a circle only the root can be met again
        if (!below.get(i).id().equals(root.id())) {
          open.push(new ExportNode(below.get(i), root.id(), node.depth + 1, part));
        }
      }
    }
  }
}
