package dev.perilune.processor.store;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunStatus;
import dev.perilune.model.wire.Metadata;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction changes in the figures: the sum, over all runs that it writes, of what they
 * count for now less what they counted for before. The rules are those of the view {@code
 * run_figures}, which says the same in SQL; a recount compares the two.
 */
public final class RunFigures {
  private static final int LONGEST_LABEL = 200;
  private static final long HOUR_MICROS = Duration.ofHours(1).toNanos() / 1000;
  private static final long DAY_MICROS = 24 * HOUR_MICROS;
  private static final int LATENCY_WIDTH = 12;
  private static final int HOURS_WIDTH = 8;

  /** Runs of an hour or day, given by its first microsecond, with a type and a name. */
  record RunCell(ProjectId project, long atMicros, String type, String name) {
    RunCell day() {
      return new RunCell(project, dayOf(atMicros), type, name);
    }
  }

  /** Runs of an hour or day with a type. */
  record LatencyCell(ProjectId project, long atMicros, String type) {
    LatencyCell day() {
      return new LatencyCell(project, dayOf(atMicros), type);
    }
  }

  /** Runs of an hour that carry a label. */
  record LabelCell(ProjectId project, String kind, long atMicros, String label) {}

  /** Runs of a day that count for a user. */
  record UserCell(ProjectId project, long dayMicros, long userId) {
    static final Comparator<UserCell> ORDER =
        Comparator.<UserCell, UUID>comparing(cell -> cell.project.value())
            .thenComparing(UserCell::dayMicros)
            .thenComparing(UserCell::userId);
  }

  /** A user's part, with the hours of the day that it falls into. */
  static final class UserSums {
    final Sums sums = new Sums();
    final PackedCounts hours = new PackedCounts(HOURS_WIDTH);
    final PackedCounts costedHours = new PackedCounts(HOURS_WIDTH);

    /** Whether a run came, went, or counts in another hour or for another cost. */
    private boolean moved;

    /** What moved is written even if it comes to nothing, as others count by hour. */
    boolean isZero() {
      return !moved && sums.isZero() && hours.isEmpty() && costedHours.isEmpty();
    }
  }

  final Map<RunCell, Sums> byHour = new HashMap<>();
  final Map<LatencyCell, PackedCounts> latencyByHour = new HashMap<>();
  final Map<LabelCell, Sums> labels = new HashMap<>();
  final Map<UserCell, UserSums> users = new HashMap<>();

  /** A name or label as figures have it: cut to 200 characters, {@code null} is empty. */
  public static String label(@Nullable String name) {
    if (name == null || name.length() <= LONGEST_LABEL) {
      return name == null ? "" : name;
    }
    return name.codePointCount(0, name.length()) <= LONGEST_LABEL
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_LABEL));
  }

  /** Whether a run is the top of an agent's work; null parents are missing ones. */
  public static boolean isTopAgent(
      String type, @Nullable UUID parentId, @Nullable String parentType) {
    return (type.equals("agent") || type.equals("chain"))
        && (parentId == null || "chat".equals(parentType));
  }

  void change(RunChange change) {
    RunRow before = change.stored() == null ? null : change.stored().row();
    boolean moves = before == null || !countAlike(before, change.row());
    if (before != null) {
      count(before, -1, moves);
    }
    count(change.row(), 1, moves);
  }

  void takeAway(RunRow row) {
    count(row, -1, true);
  }

  /** Whether both count for the same user in the same hour, and cost the same. */
  private static boolean countAlike(RunRow one, RunRow other) {
    return one.deleted() == other.deleted()
        && hourOf(one) == hourOf(other)
        && Objects.equals(one.userId(), other.userId())
        && (one.costUsd() == null
            ? other.costUsd() == null
            : other.costUsd() != null && one.costUsd().compareTo(other.costUsd()) == 0);
  }

  private static long hourOf(RunRow row) {
    return Math.floorDiv(row.createdAtMicros(), HOUR_MICROS) * HOUR_MICROS;
  }

  static Map<RunCell, Sums> byDay(Map<RunCell, Sums> byHour) {
    Map<RunCell, Sums> byDay = new HashMap<>();
    byHour.forEach(
        (cell, sums) -> byDay.computeIfAbsent(cell.day(), day -> new Sums()).add(sums, 1));
    return byDay;
  }

  static Map<LatencyCell, PackedCounts> latencyByDay(Map<LatencyCell, PackedCounts> byHour) {
    Map<LatencyCell, PackedCounts> byDay = new HashMap<>();
    byHour.forEach(
        (cell, counts) ->
            byDay
                .computeIfAbsent(cell.day(), day -> new PackedCounts(LATENCY_WIDTH))
                .addAll(counts));
    return byDay;
  }

  private void count(RunRow row, int sign, boolean moves) {
    if (row.deleted()) {
      return;
    }
    ProjectId project = row.key().project();
    long hour = hourOf(row);
    String type = label(row.type());
    Sums one = sums(row);
    byHour
        .computeIfAbsent(new RunCell(project, hour, type, label(row.name())), cell -> new Sums())
        .add(one, sign);
    if (row.endedAtMicros() != null) {
      latencyByHour
          .computeIfAbsent(
              new LatencyCell(project, hour, type), cell -> new PackedCounts(LATENCY_WIDTH))
          .add(LatencyBuckets.of(row.endedAtMicros() - row.createdAtMicros()), sign);
    }
    countLabels(row, hour, one, sign);
    if (row.userId() != null) {
      UserSums user =
          users.computeIfAbsent(
              new UserCell(project, dayOf(hour), row.userId()), cell -> new UserSums());
      user.moved |= moves;
      user.sums.add(one, sign);
      int hourOfDay = (int) ((hour - dayOf(hour)) / HOUR_MICROS);
      user.hours.add(hourOfDay, sign);
      if (one.costed > 0) {
        user.costedHours.add(hourOfDay, sign);
      }
    }
  }

  private void countLabels(RunRow row, long hour, Sums one, int sign) {
    if (row.agent() != null) {
      countLabel(row, "agent", hour, row.agent(), one, sign);
    }
    if (row.templateVersionId() != null) {
      countLabel(row, "template", hour, row.templateVersionId().toString(), one, sign);
    }
    if (row.tags() != null) {
      Set<String> tags = new HashSet<>();
      row.tags().forEach(tag -> tags.add(label(tag)));
      tags.forEach(tag -> countLabel(row, "tag", hour, tag, one, sign));
    }
  }

  private void countLabel(RunRow row, String kind, long hour, String label, Sums one, int sign) {
    labels
        .computeIfAbsent(new LabelCell(row.key().project(), kind, hour, label), cell -> new Sums())
        .add(one, sign);
  }

  private static Sums sums(RunRow row) {
    Sums sums = new Sums();
    sums.runs = 1;
    sums.tagged = row.tags() == null || row.tags().isEmpty() ? 0 : 1;
    sums.errors = RunStatus.ERROR.wireName().equals(row.status()) ? 1 : 0;
    if (row.endedAtMicros() != null) {
      sums.ended = 1;
      sums.micros = BigInteger.valueOf(row.endedAtMicros() - row.createdAtMicros());
    }
    sums.promptTokens = row.promptTokens() == null ? 0 : row.promptTokens();
    sums.completionTokens = row.completionTokens() == null ? 0 : row.completionTokens();
    sums.cachedPromptTokens = row.cachedPromptTokens();
    if (row.costUsd() != null) {
      sums.costed = 1;
      sums.costUsd = row.costUsd();
    }
    String thumb = thumb(row.feedback());
    sums.thumbsUp = "up".equals(thumb) ? 1 : 0;
    sums.thumbsDown = "down".equals(thumb) ? 1 : 0;
    if (row.userId() != null) {
      sums.userRuns = 1;
      sums.userCostUsd = sums.costUsd;
    }
    return sums;
  }

  private static @Nullable String thumb(@Nullable String feedback) {
    return feedback == null ? null : Metadata.text(Metadata.fields(feedback).get("thumb"));
  }

  private static long dayOf(long micros) {
    return Math.floorDiv(micros, DAY_MICROS) * DAY_MICROS;
  }

  /** The projects that it looked at. */
  List<ProjectId> projects() {
    return byHour.keySet().stream().map(RunCell::project).distinct().toList();
  }

  /** Whether nothing changes, also where sums stay and only their parts move. */
  boolean isZero() {
    return changed(byHour, Sums::isZero).isEmpty()
        && changed(latencyByHour, PackedCounts::isEmpty).isEmpty()
        && changed(labels, Sums::isZero).isEmpty()
        && changed(users, UserSums::isZero).isEmpty();
  }

  static <K, V> List<Map.Entry<K, V>> changed(Map<K, V> cells, Predicate<V> isZero) {
    return cells.entrySet().stream().filter(cell -> !isZero.test(cell.getValue())).toList();
  }
}
