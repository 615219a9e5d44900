package dev.perilune.processor.pipeline;

import dev.perilune.model.RunIds;
import dev.perilune.model.RunKey;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
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
    Set<UUID> taken = new HashSet<>();
    Set<Exchange> dirty = new HashSet<>();
    for (Exchange exchange : Exchange.fold(messages)) {
      if (!taken.add(exchange.id)) {
        useOtherId(exchange);
      }
      boolean followsChange = exchange.retryOf != null && dirty.contains(exchange.retryOf);
      if (followsChange || !exchange.isAsStored(fresh, storedSizes)) {
        dirty.add(exchange);
        changed.add(exchange);
        exchange.formerIds().forEach(id -> formerRuns.add(exchange.key(id)));
      }
    }
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
    Map<Exchange, Place> places = claimPlaces();
    Map<RunKey, StoredRun> rows =
        RunSql.at(tx, places.values()).stream()
            .collect(Collectors.toMap(run -> run.row().key(), Function.identity()));
    ExchangeRuns runs = new ExchangeRuns(texts());
    for (Exchange exchange : changed) {
      Place place = places.get(exchange);
      RunState state = runs.run(exchange, place == null ? null : rows.get(place.key()));
      batch.states.put(state.key, state);
      batch.toLink.add(state.key);
      if (place != null) {
        batch.formerNames.put(place.key(), state);
      }
    }
    removeUnclaimed(places.values());
    point();
    assign();
  }

  private void judge(RunKey message, StampedMap given) {
    Alias alias = aliases.get(message);
    if (alias != null) {
      StampedMap all = FeedbackFold.parse(alias.feedback());
      all.join(given);
      aliases.put(message, new Alias(message, alias.run(), FeedbackFold.json(all)));
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

  /** Each exchange keeps the row of its own id, else takes over one that its messages were in. */
  private Map<Exchange, Place> claimPlaces() {
    Map<RunKey, Place> free =
        aliases.values().stream()
            .map(Alias::run)
            .filter(Objects::nonNull)
            .filter(place -> formerRuns.contains(place.key()))
            .collect(Collectors.toMap(Place::key, Function.identity(), (a, b) -> a));
    Map<Exchange, Place> claimed = new HashMap<>();
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
      Exchange exchange, Stream<UUID> ids, Map<RunKey, Place> free, Map<Exchange, Place> claimed) {
    ids.map(exchange::key)
        .filter(free::containsKey)
        .findFirst()
        .ifPresent(key -> claimed.put(exchange, free.remove(key)));
  }

  private void removeUnclaimed(Collection<Place> claimed) {
    List<Place> gone =
        aliases.values().stream()
            .map(Alias::run)
            .filter(Objects::nonNull)
            .filter(place -> formerRuns.contains(place.key()) && !claimed.contains(place))
            .distinct()
            .toList();
    RunWriter.delete(tx, gone);
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
    Map<RunKey, RunState> owners = new HashMap<>();
    for (Exchange exchange : changed) {
      RunState state = batch.states.get(exchange.key(exchange.id));
      names(exchange)
          .filter(id -> !isOfLaterExchange(id, state))
          .forEach(id -> owners.merge(id, state, ExchangeStep::later));
    }
    List<Alias> moved = new ArrayList<>();
    owners.forEach(
        (id, state) -> {
          Alias alias = aliases.getOrDefault(id, new Alias(id, null, null));
          if (alias.run() == null) {
            batch.newNames.add(id);
          }
          batch.names.put(id, state);
          state.join(FeedbackFold.parse(alias.feedback()));
          moved.add(new Alias(id, new Place(state.key, state.createdAtMicros), alias.feedback()));
        });
    AliasSql.update(tx, moved);
  }

  private boolean isOfLaterExchange(RunKey id, RunState state) {
    Place owner = aliases.containsKey(id) ? aliases.get(id).run() : null;
    return owner != null
        && !formerRuns.contains(owner.key())
        && owner.createdAtMicros() > state.createdAtMicros;
  }

  private static RunState later(RunState one, RunState other) {
    return one.createdAtMicros >= other.createdAtMicros ? one : other;
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
