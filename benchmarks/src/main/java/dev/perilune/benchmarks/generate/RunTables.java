package dev.perilune.benchmarks.generate;

import dev.perilune.processor.pricing.CostCalculator.Cost;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Turns runs into rows of every table that has to know them, and writes them in transactions. */
final class RunTables {
  private static final int MOST_CHARACTERS = 4 << 20;

  private final Connection connection;
  private final UUID project;
  private final Models models;
  private final CopyTable runs =
      new CopyTable(
          "run",
          """
          project_id, id, created_at, ended_at, type, name, status, parent_run_id, parent_type,
          sibling_run_id, external_user_id, own_user_id, prompt_tokens, completion_tokens,
          cached_prompt_tokens, cost, price_id, tags, metadata, feedback, runtime,
          agent\
          """);
  private final CopyTable payloads =
      new CopyTable(
          "run_payload", "project_id, run_id, created_at, input, output, error, params, fold");
  private final CopyTable aliases =
      new CopyTable("run_alias", "project_id, id, run_id, run_created_at");
  private final CopyTable queue =
      new CopyTable("search_queue", "project_id, run_ids, starts, parts, runs");
  private final List<GeneratedRun> queued = new ArrayList<>();
  private final CopyTable messages =
      new CopyTable(
          "thread_message",
          """
          project_id, thread_id, at_micros, position, tie, message_id, aliases, kind, name, role,
          message, user_id, runtime, run_id, opens\
          """);

  RunTables(Connection connection, UUID project, Models models) {
    this.connection = connection;
    this.project = project;
    this.models = models;
  }

  /** A message of a conversation; {@code role} is null for a custom event. */
  record Message(
      UUID thread,
      UUID id,
      long atMicros,
      @Nullable String role,
      @Nullable String name,
      @Nullable String json,
      @Nullable Long user) {}

  void add(GeneratedRun run) {
    Cost cost = models.cost(run);
    queued.add(run);
    runs.add(project).add(run.id).addTime(run.startMicros).addTime(run.endMicros);
    runs.add(run.type).add(run.name).add(run.status).add(run.parent).add(run.parentType);
    runs.add(run.sibling).add(run.user).add(run.ownUser).add(run.promptTokens);
    runs.add(run.completionTokens).add(run.cachedTokens);
    runs.add(cost == null ? null : cost.usd().toPlainString());
    runs.add(cost == null ? null : cost.priceId());
    runs.add(run.tags).add(run.metadata).add(run.feedback).add("js").add(run.agent).endRow();
    payloads.add(project).add(run.id).addTime(run.startMicros).add(run.input).add(run.output);
    payloads.add(run.error).add(run.params).add(run.fold).endRow();
  }

  /** Adds what was said in an exchange, and that the ids of all of it mean the exchange. */
  void addMessages(GeneratedRun exchange, List<Message> said) {
    boolean opens = true;
    for (Message message : said) {
      messages.add(project).add(message.thread).add(message.atMicros).add(0);
      messages.add(message.id.getLeastSignificantBits()).add(message.id).add("{}");
      messages.add(message.role == null ? "custom-event" : "chat").add(message.name);
      messages.add(message.role).add(message.json).add(message.user).add("js");
      messages.add(exchange.id).add(opens).endRow();
      aliases.add(project).add(message.id).add(exchange.id).addTime(exchange.startMicros).endRow();
      opens = false;
    }
  }

  void flushIfLarge() throws SQLException, IOException {
    if (payloads.length() > MOST_CHARACTERS) {
      flush();
    }
  }

  /** Writes everything in one transaction. */
  void flush() throws SQLException, IOException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    runs.write(copy);
    payloads.write(copy);
    aliases.write(copy);
    messages.write(copy);
    queue();
    queue.write(copy);
    connection.commit();
  }

  /** A row for all, as the processor has one for a batch. */
  private void queue() {
    if (!queued.isEmpty()) {
      queue.add(project);
      queue.add(array(run -> run.id.toString()));
      queue.add(array(run -> '"' + Times.text(run.startMicros) + '"'));
      queue.add(array(run -> "7")).add(queued.size()).endRow();
      queued.clear();
    }
  }

  private String array(Function<GeneratedRun, String> value) {
    return queued.stream().map(value).collect(Collectors.joining(",", "{", "}"));
  }
}
