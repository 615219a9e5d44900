package dev.perilune.processor.pipeline;

import dev.perilune.model.RunIds;
import dev.perilune.model.RunKey;
import dev.perilune.model.StampedMap;
import dev.perilune.processor.store.AliasSql;
import dev.perilune.processor.store.AliasSql.Alias;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.RunWriter;
import dev.perilune.processor.store.StoredRun;
import dev.perilune.processor.store.ThreadSql;
import dev.perilune.processor.store.ThreadSql.Assignment;
import dev.perilune.processor.store.ThreadSql.MessageKey;
import dev.perilune.processor.store.ThreadSql.MessageRow;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the exchanges that a fold changed: their runs, and every id that stands for them. A run
 * keeps its row, and what people did to it, when its id moves on to the next message.
 */
final class ExchangeStep {
  private final Tx tx;
  private final Batch batch;
  private final Set<MessageKey> fresh;
  private final Map<RunKey, StampedMap> judgements;
  private final List<Exchange> changed = new ArrayList<>();
  private final Set<RunKey> formerRuns = new LinkedHashSet<>();
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;
  private final Map<RunKey, Alias> aliases = new HashMap<>();

  /** Takes the messages that were just added, and feedback that came with them, by message id. */
  ExchangeStep(Tx tx, Batch batch, Set<MessageKey> fresh, Map<RunKey, StampedMap> judgements) {
    this.tx = tx;
    this.batch = batch;
    this.fresh = fresh;
    this.judgements = judgements;
  }

  /** Folds one thread's messages and keeps the exchanges that differ from what is stored. */
  void fold(List<MessageRow> messages) {
    Map<UUID, Long> storedSizes =
        messages.stream()
            .filter(message -> message.runId() != null)
            .collect(Collectors.groupingBy(MessageRow::runId, Collectors.counting()));
    firstMicros = Math.min(firstMicros, messages.get(0).stamp().atMicros());
    lastMicros = Math.max(lastMicros, messages.get(messages.size() - 1).stamp().atMicros());
    List<Exchange> exchanges = Exchange.fold(messages);
    Set<UUID> taken = new HashSet<>();
    Set<Exchange> dirty = new LinkedHashSet<>();
    for (Exchange exchange : exchanges) {
      if (!taken.add(exchange.id)) {
        useOtherId(exchange);
      }
      boolean followsChange = exchange.retryOf != null && dirty.contains(exchange.retryOf);
      if (followsChange || !exchange.isAsStored(fresh, storedSizes)) {
        dirty.add(exchange);
      }
    }
    dirty.addAll(sharingIds(exchanges, dirty));
    changed.addAll(dirty);
    dirty.forEach(exchange -> exchange.formerIds().forEach(id -> formerRuns.add(exchange.key(id))));
  }

  /**
   * Exchanges that use an id of a changed one: which of them it stands for must be decided anew.
   */
  private static List<Exchange> sharingIds(List<Exchange> exchanges, Set<Exchange> dirty) {
    Set<RunKey> ids = dirty.stream().flatMap(ExchangeStep::names).collect(Collectors.toSet());
    return exchanges.stream()
        .filter(exchange -> !dirty.contains(exchange) && names(exchange).anyMatch(ids::contains))
        .toList();
  }

  /** Another exchange has the id already: the later one gets an id of its own. */
  private static void useOtherId(Exchange exchange) {
    exchange.id = RunIds.pyUuid(exchange.id + "/" + exchange.first().stamp().atMicros());
  }

  void write() {
    Set<RunKey> ids = new HashSet<>(formerRuns);
    changed.forEach(exchange -> names(exchange).forEach(ids::add));
    aliases.putAll(AliasSql.lockOrMake(tx, ids));
    giveWay();
    judgements.forEach(this::judge);
    Map<RunKey, StoredRun> free = formerRows();
    Map<Exchange, StoredRun> claimed = claimRows(free);
    RunWriter.delete(tx, free.values(), batch.figures);
    ExchangeRuns runs = new ExchangeRuns(texts());
    for (Exchange exchange : changed) {
      StoredRun stored = claimed.get(exchange);
      RunState state = runs.run(exchange, stored);
      batch.states.put(state.key, state);
      batch.toLink.add(state.key);
      if (stored != null) {
        batch.formerNames.put(stored.row().key(), state);
      }
    }
    point();
    assign();
  }

  private void judge(RunKey message, StampedMap given) {
    Alias alias = aliases.get(message);
    if (alias != null) {
      StampedMap all = StampedMap.parse(alias.feedback());
      all.join(given);
      aliases.put(message, alias.with(alias.run(), all.json()));
    }
  }

  /** An id that a run outside of what was folded has already is not taken from it. */
  private void giveWay() {
    List<RunKey> unknown =
        changed.stream()
            .map(exchange -> exchange.key(exchange.id))
            .filter(key -> !aliases.containsKey(key) || aliases.get(key).run() == null)
            .toList();
    Set<RunKey> plainRuns =
        RunSql.anywhere(tx, unknown).stream()
            .map(StoredRun::row)
            .map(row -> row.key())
            .collect(Collectors.toSet());
    List<RunKey> others = new ArrayList<>();
    for (Exchange exchange : changed) {
      RunKey key = exchange.key(exchange.id);
      Alias alias = aliases.get(key);
      Place there = alias == null ? null : alias.run();
      boolean isOther = there != null && there.key().equals(key) && !formerRuns.contains(key);
      if (isOther || plainRuns.contains(key)) {
        useOtherId(exchange);
        others.add(exchange.key(exchange.id));
      }
    }
    aliases.putAll(AliasSql.lockOrMake(tx, others));
  }

  private Map<RunKey, StoredRun> formerRows() {
    Map<RunKey, StoredRun> rows = new HashMap<>();
    for (StoredRun run : RunSql.near(tx, formerRuns, firstMicros, lastMicros + 1)) {
      rows.put(run.row().key(), run);
    }
    return rows;
  }

  /** Each exchange keeps the row of its own id, else takes over one that its messages were in. */
  private Map<Exchange, StoredRun> claimRows(Map<RunKey, StoredRun> free) {
    Map<Exchange, StoredRun> claimed = new HashMap<>();
    for (Exchange exchange : changed) {
      claim(exchange, Stream.of(exchange.id), free, claimed);
    }
    for (Exchange exchange : changed) {
      if (!claimed.containsKey(exchange)) {
        claim(exchange, exchange.formerIds().stream().sorted(), free, claimed);
      }
    }
    return claimed;
  }

  private static void claim(
      Exchange exchange,
      Stream<UUID> ids,
      Map<RunKey, StoredRun> free,
      Map<Exchange, StoredRun> claimed) {
    ids.map(exchange::key)
        .filter(free::containsKey)
        .findFirst()
        .ifPresent(key -> claimed.put(exchange, free.remove(key)));
  }

  private Map<MessageKey, String> texts() {
    List<MessageKey> wanted =
        changed.stream()
            .flatMap(exchange -> exchange.withWhatItRetries().stream())
            .flatMap(exchange -> exchange.messages.stream())
            .map(MessageRow::key)
            .distinct()
            .toList();
    return ThreadSql.texts(tx, wanted);
  }

  /**
   * From now on all ids of a changed exchange stand for its run, and it has the feedback that they
   * got. An id that several exchanges use stands for the latest of them.
   */
  private void point() {
    Map<RunKey, Exchange> owners = new HashMap<>();
    for (Exchange exchange : changed) {
      names(exchange).forEach(id -> owners.merge(id, exchange, ExchangeStep::later));
    }
    List<Alias> moved = new ArrayList<>();
    Set<Place> losers = new HashSet<>();
    owners.forEach(
        (id, exchange) -> {
          Alias alias = aliases.getOrDefault(id, new Alias(id, null, null, null));
          RunState state = batch.states.get(exchange.key(exchange.id));
          if (alias.run() == null) {
            batch.newNames.add(id);
          } else if (!formerRuns.contains(alias.run().key())) {
            losers.add(alias.run());
          }
          if (alias.run() != null && batch.formerNames.get(alias.run().key()) != state) {
            batch.movedNames.add(id);
          }
          batch.names.put(id, state);
          state.join(StampedMap.parse(alias.feedback()));
          state.edit(StampedMap.parse(alias.edits()));
          moved.add(alias.with(new Place(state.key, state.createdAtMicros), alias.feedback()));
        });
    for (RunKey former : formerRuns) {
      Alias alias = aliases.get(former);
      if (alias != null && alias.run() != null && !owners.containsKey(former)) {
        // an id that was made up for an exchange, which has a message's id again
        moved.add(alias.with(null, alias.feedback()));
      }
    }
    AliasSql.update(tx, moved);
    takeBack(losers);
  }

  private static Exchange later(Exchange one, Exchange other) {
    return one.first().stamp().isAfter(other.first().stamp()) ? one : other;
  }

  /** Exchanges that an id stands for no longer lose the feedback that it got. */
  private void takeBack(Set<Place> losers) {
    Map<RunKey, RunState> runs = new HashMap<>();
    for (StoredRun stored : RunSql.at(tx, losers)) {
      RunState run = RunRows.load(stored);
      run.forgetFeedback();
      runs.put(run.key, run);
      batch.states.put(run.key, run);
    }
    Set<RunKey> ids = AliasSql.idsOf(tx, runs.keySet()).keySet();
    AliasSql.lock(tx, ids)
        .values()
        .forEach(alias -> runs.get(alias.run().key()).join(StampedMap.parse(alias.feedback())));
  }

  private static Stream<RunKey> names(Exchange exchange) {
    Stream<UUID> ofMessages =
        exchange.messages.stream()
            .flatMap(
                message ->
                    Stream.concat(Stream.of(message.messageId()), message.aliases().stream()));
    return Stream.concat(Stream.of(exchange.id), ofMessages).distinct().map(exchange::key);
  }

  private void assign() {
    List<Assignment> assignments = new ArrayList<>();
    for (Exchange exchange : changed) {
      for (MessageRow message : exchange.messages) {
        boolean opens = message == exchange.first() && exchange.retryOf == null;
        assignments.add(new Assignment(message.key(), exchange.id, opens));
      }
    }
    ThreadSql.assign(tx, assignments);
  }
}
