package dev.perilune.ingest.redact;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.rules.StoredRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of all projects, read anew every two seconds, so that a rule is in force within five
 * seconds of being saved. While Postgres is away the last ones stay in force. Since few projects
 * have rules, all of them are held: a request costs one look into a map, and no project's rules can
 * be unknown when the database goes.
 *
 * <p>A project whose rules cannot be understood has all contents hidden until they are mended:
 * storing what someone meant to hide cannot be made good.
 */
public final class RuleBook {
  private static final Logger log = LoggerFactory.getLogger(RuleBook.class);

  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final long ANSWER_SECONDS = 3;

  private final Vertx vertx;
  private final Supplier<Future<List<StoredRule>>> source;
  private final long timer;

  /** Of the projects that have any; null until the first answer. */
  private volatile @Nullable Map<ProjectId, ProjectRules> rules;

  // the rest is used on one event loop alone
  private List<StoredRule> known = List.of();
  private boolean loading;
  private boolean away;

  private RuleBook(Vertx vertx, Supplier<Future<List<StoredRule>>> source) {
    this.vertx = vertx;
    this.source = source;
    this.timer = vertx.setPeriodic(1, INTERVAL.toMillis(), now -> load());
  }

  /** Starts reading; until the first answer nothing is taken. */
  public static RuleBook start(Vertx vertx, Supplier<Future<List<StoredRule>>> source) {
    return new RuleBook(vertx, source);
  }

  /** Whether the rules were read at least once. */
  public boolean isLoaded() {
    return rules != null;
  }

  public void close() {
    vertx.cancelTimer(timer);
  }

  /**
   * A project's rules.
   *
   * @throws Problem.Unavailable while nobody can tell
   */
  ProjectRules of(ProjectId project) {
    Map<ProjectId, ProjectRules> all = rules;
    if (all == null) {
      throw new Problem.Unavailable("The ingestion rules cannot be read at the moment");
    }
    return all.getOrDefault(project, ProjectRules.NONE);
  }

  private void load() {
    if (loading) {
      return;
    }
    loading = true;
    source
        .get()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .onSuccess(this::take)
        .onFailure(this::stay)
        .onComplete(done -> loading = false);
  }

  private void take(List<StoredRule> stored) {
    if (away) {
      away = false;
      log.info("The ingestion rules can be read again");
    }
    if (rules != null && stored.equals(known)) {
      return;
    }
    Map<ProjectId, ProjectRules> read = new HashMap<>();
    stored.stream()
        .collect(Collectors.groupingBy(StoredRule::project))
        .forEach((project, own) -> read.put(project, understood(project, own)));
    read.values().removeIf(ProjectRules::isEmpty);
    known = stored;
    rules = read;
    log.info("Ingestion rules of {} projects are in force", read.size());
  }

  private static ProjectRules understood(ProjectId project, List<StoredRule> rules) {
    try {
      return ProjectRules.of(rules);
    } catch (IllegalArgumentException wrong) {
      log.error("Hiding all contents of project {}: {}", project.value(), wrong.getMessage());
      return ProjectRules.ALL_HIDDEN;
    }
  }

  private void stay(Throwable cause) {
    if (!away) {
      away = true;
      log.warn("The ingestion rules cannot be read, the last ones stay: {}", cause.getMessage());
    }
  }
}
