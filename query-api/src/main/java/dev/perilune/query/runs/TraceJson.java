package dev.perilune.query.runs;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the nodes of a trace; alone knows the names and the order of their fields. */
final class TraceJson {

  private TraceJson() {}

  /**
   * Nodes with commas between them.
   *
   * @param orphan shown without its parent; null for none
   */
  static Buffer nodes(List<TraceNode> nodes, Map<UUID, TraceSums> sums, @Nullable UUID orphan) {
    return JsonFields.objects(
        nodes,
        (fields, node) ->
            write(
                fields,
                node,
                node.id().equals(orphan) ? null : node.parentRunId(),
                sums.get(node.id())));
  }

  private static void write(
      JsonFields fields, TraceNode node, @Nullable UUID parentRunId, TraceSums sums)
      throws IOException {
    fields.id("id", node.id());
    fields.id("parentRunId", parentRunId);
    fields.string("type", node.type());
    fields.string("name", node.name());
    fields.string("status", node.status());
    fields.time("createdAt", node.createdAt());
    fields.time("endedAt", node.endedAt());
    fields.string("duration", node.duration());
    fields.raw("cost", node.costUsd());
    RunRow.Tokens tokens = node.tokens();
    fields.object(
        "tokens",
        () -> {
          fields.raw("prompt", text(tokens.prompt()));
          fields.number("cachedPrompt", tokens.cachedPrompt());
          fields.raw("completion", text(tokens.completion()));
          fields.number("total", tokens.total());
        });
    fields.object("subtree", () -> write(fields, sums));
  }

  private static void write(JsonFields fields, TraceSums sums) throws IOException {
    fields.number("runs", sums.runs());
    BigDecimal cost = sums.costUsd();
    fields.raw("cost", cost == null ? null : plain(cost));
    fields.object(
        "tokens",
        () -> {
          fields.number("prompt", sums.promptTokens());
          fields.number("cachedPrompt", sums.cachedPromptTokens());
          fields.number("completion", sums.completionTokens());
          fields.number("total", sums.promptTokens() + sums.completionTokens());
        });
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static @Nullable String text(@Nullable Integer number) {
    return number == null ? null : number.toString();
  }
}
