package dev.perilune.processor.search;

import dev.perilune.model.ProjectId;
import dev.perilune.processor.store.SearchQueueSql;
import dev.perilune.processor.store.SearchQueueSql.Queued;
import dev.perilune.processor.store.SegmentSql;
import dev.perilune.processor.store.SegmentSql.Segment;
import dev.perilune.processor.store.Transactions;
import dev.perilune.processor.store.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to the index, each as one transaction: queued runs become a segment, small
 * segments become a large one, forgotten runs leave their segments. A crash leaves everything as it
 * was before, or done. Of several processors one at a time works on a project.
 */
public final class SearchIndex {

  /** Fewer waiting runs are left to the searches themselves. */
  public static final int FEWEST = 512;

  /** Indexed in one transaction. */
  static final int MOST = 16_384;

  private static final int MERGED_AT_ONCE = 16;
  private static final int LARGEST = 262_144;
  private static final long BYTES_AT_ONCE = 8 << 20;

  private final Transactions transactions;

  // asked of the database with the first runs
  private @Nullable Folding folding;

  public SearchIndex(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How many runs wait in each project. */
  public Map<ProjectId, Long> waiting() {
    return transactions.run(SearchQueueSql::waiting);
  }

  /** All projects. */
  public List<ProjectId> projects() {
    return transactions.run(SearchQueueSql::projects);
  }

  /** Forgets all segments of a project and queues all of its runs. */
  public void queueAll(ProjectId project) {
    transactions.run(
        tx -> {
          SegmentSql.delete(
              tx, project, SegmentSql.segments(tx, project).stream().map(Segment::id).toList());
          SearchQueueSql.take(tx, project, Integer.MAX_VALUE);
          SearchQueueSql.addStored(tx, project);
          return project;
        });
  }

  /** Indexes the oldest queued runs; returns how many. */
  public int index(ProjectId project) {
    return locked(project, 0, tx -> index(tx, project));
  }

  /** Merges some segments of about one size, if there are enough; returns whether there were. */
  public boolean merge(ProjectId project) {
    return locked(
        project,
        false,
        tx -> {
          List<Long> due = due(SegmentSql.segments(tx, project));
          if (!due.isEmpty()) {
            new SegmentMerge(tx, project, new HashSet<>()).replace(due);
          }
          return !due.isEmpty();
        });
  }

  /** Projects with runs to forget. */
  public List<ProjectId> forgetful() {
    return transactions.run(SegmentSql::forgetful);
  }

  /** Takes every trace of forgotten runs out of the segments. */
  public void forget(ProjectId project) {
    locked(
        project,
        false,
        tx -> {
          List<UUID> forgotten = SegmentSql.takeForgotten(tx, project);
          for (long segment : SegmentSql.holding(tx, project, forgotten)) {
            new SegmentMerge(tx, project, new HashSet<>(forgotten)).replace(List.of(segment));
          }
          return true;
        });
  }

  private int index(Tx tx, ProjectId project) {
    List<Queued> queued = SearchQueueSql.take(tx, project, MOST);
    SegmentBuilder builder = new SegmentBuilder(folding(tx));
    SearchQueueSql.texts(
        tx,
        project,
        queued,
        BYTES_AT_ONCE,
        run -> {
          builder.add(run);
          if (builder.isFull()) {
            end(tx, project, builder);
          }
        });
    end(tx, project, builder);
    return queued.size();
  }

  private static void end(Tx tx, ProjectId project, SegmentBuilder builder) {
    if (!builder.runs().isEmpty()) {
      SegmentSql.add(tx, project, builder.runs(), builder.pages());
    }
    builder.clear();
  }

  private Folding folding(Tx tx) {
    Folding known = folding;
    if (known == null) {
      known = new Folding(SearchQueueSql.folded(tx));
      folding = known;
    }
    return known;
  }

  /** The oldest segments of the first size of which there are enough. */
  static List<Long> due(List<Segment> segments) {
    Map<Integer, List<Segment>> bySize = new TreeMap<>();
    for (Segment segment : segments) {
      if (segment.runs() < LARGEST / 2) {
        int size = (31 - Integer.numberOfLeadingZeros(Math.max(1, segment.runs()))) / 4;
        bySize.computeIfAbsent(size, key -> new ArrayList<>()).add(segment);
      }
    }
    for (List<Segment> alike : bySize.values()) {
      if (alike.size() >= MERGED_AT_ONCE) {
        List<Long> due = new ArrayList<>();
        int runs = 0;
        for (Segment segment : alike) {
          if (due.size() < MERGED_AT_ONCE && runs + segment.runs() <= LARGEST) {
            due.add(segment.id());
            runs += segment.runs();
          }
        }
        return due;
      }
    }
    return List.of();
  }

  private <T> T locked(ProjectId project, T otherwise, java.util.function.Function<Tx, T> work) {
    return transactions.run(tx -> SearchQueueSql.lock(tx, project) ? work.apply(tx) : otherwise);
  }
}
