package dev.perilune.processor.pipeline;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.model.SpanNames;
import dev.perilune.model.UserReport;
import dev.perilune.model.wire.EventCodec;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.MalformedEvent;
import dev.perilune.processor.store.RunFigures;
import dev.perilune.processor.store.UserSql.UserKey;
import dev.perilune.processor.store.UserSql.UserRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One batch on its way from records to rows: its events, and every run that they touch. */
final class Batch {

  /** An event, its project, and the record that brought it. */
  record Item(
      ProjectId project,
      long receivedAtMicros,
      RunEvent event,
      @Nullable SpanNames span,
      @Nullable OtherId other,
      SourceRecord source) {

    /** The run that an id of the event stands for. */
    RunKey runKey(UUID id) {
      boolean isOther = other != null && id.equals(other.sent());
      return new RunKey(project, isOther ? other.meant() : id);
    }

    /** The same event, about another run than the one that its id stands for elsewhere. */
    Item meaning(UUID sent, UUID meant) {
      return new Item(project, receivedAtMicros, event, span, new OtherId(sent, meant), source);
    }
  }

  /** An id that another trace's span has, and the one that is used in its place. */
  record OtherId(UUID sent, UUID meant) {}

  final List<Item> items = new ArrayList<>();
  final List<Rejected> rejected = new ArrayList<>();
  final Map<RunKey, RunState> states = new LinkedHashMap<>();

  /** Runs whose declared parent must be looked up, because they or it are new here. */
  final Set<RunKey> toLink = new HashSet<>();

  /** Every id of the exchanges that changed here. */
  final Map<RunKey, RunState> names = new HashMap<>();

  /** Those of them that stood for nothing before; children may have waited for them. */
  final Set<RunKey> newNames = new HashSet<>();

  /** Those that stood for another run before; children of that run may be this one's now. */
  final Set<RunKey> movedNames = new HashSet<>();

  /** Exchanges by the id that their row has until the batch is written. */
  final Map<RunKey, RunState> formerNames = new HashMap<>();

  /** Runs that the directory of strays lists. */
  final Set<RunKey> strays = new HashSet<>();

  /** What the batch changes in the figures. */
  final RunFigures figures = new RunFigures();

  Map<ProjectId, UUID> orgs = Map.of();

  /** What events say about users. */
  final Map<UserKey, UserRow> saidOfUsers = new HashMap<>();

  Map<UserKey, Long> users = Map.of();

  static Batch decode(List<SourceRecord> records) {
    Batch batch = new Batch();
    for (SourceRecord record : records) {
      try {
        EventEnvelope envelope = EventCodec.decode(record.value());
        batch.items.add(
            new Item(
                envelope.project(),
                envelope.receivedAtMicros(),
                envelope.event(),
                envelope.span(),
                null,
                record));
      } catch (MalformedEvent e) {
        batch.rejected.add(new Rejected(record, e.getMessage()));
      }
    }
    return batch;
  }

  Set<ProjectId> projects() {
    Set<ProjectId> projects = new HashSet<>();
    items.forEach(item -> projects.add(item.project()));
    return projects;
  }

  /** Events of projects that are gone are refused. */
  void keepProjects(Map<ProjectId, UUID> known) {
    orgs = known;
    items.removeIf(
        item -> {
          boolean gone = !known.containsKey(item.project());
          if (gone) {
            rejected.add(new Rejected(item.source(), "The project does not exist"));
          }
          return gone;
        });
  }

  @Nullable Long user(Item item) {
    UserReport user = item.event().user();
    return user == null ? null : users.get(new UserKey(item.project(), user.externalId()));
  }

  /** The run of this name that the batch holds, under its own id or another; else {@code null}. */
  @Nullable RunState find(RunKey name) {
    RunState run = states.get(name);
    return run != null && run.exists() ? run : names.get(name);
  }
}
