package dev.perilune.ingest.redact;

import dev.perilune.model.ProjectId;
import dev.perilune.model.pii.PiiMask;
import dev.perilune.model.wire.ContentRewrite;
import dev.perilune.model.wire.EventFacts;
import dev.perilune.model.wire.IncomingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Applies the rules of their projects to events, before anything is durable. The events of projects
 * without rules are not looked at.
 *
 * <p>Safe for use by several threads.
 */
public final class Redaction {
  private static final byte[] NOTHING = {};

  /** Events that bring contents of a run that another one started. */
  private static final Set<String> LATE = Set.of("end", "supplement");

  private final RuleBook rules;
  private final HiddenRuns hidden = new HiddenRuns();

  public Redaction(RuleBook rules) {
    this.rules = rules;
  }

  /**
   * Returns the events as they may be stored, in the same order; the very same list when no project
   * has rules.
   *
   * @param projects of all events
   * @throws dev.perilune.runtime.http.Problem.Unavailable while the rules are not known
   */
  public List<IncomingEvent> apply(
      List<IncomingEvent> events,
      Set<ProjectId> projects,
      Function<IncomingEvent, ProjectId> projectOf) {
    boolean none = true;
    for (ProjectId project : projects) {
      none &= rules.of(project).isEmpty();
    }
    if (none) {
      return events;
    }
    List<IncomingEvent> redacted = new ArrayList<>(events.size());
    for (IncomingEvent event : events) {
      ProjectId project = projectOf.apply(event);
      redacted.add(apply(project, rules.of(project), event));
    }
    return redacted;
  }

  /** Whether all that a project sends may be kept as it came. */
  public boolean keepsAll(ProjectId project) {
    return rules.of(project).isEmpty();
  }

  private IncomingEvent apply(ProjectId project, ProjectRules own, IncomingEvent event) {
    if (own.isEmpty()) {
      return event;
    }
    if (event.refusal() != null) {
      // cannot be read, so nobody can tell what must not be kept of it
      return event.withJson(NOTHING);
    }
    boolean hide = own.hiding() != null && hides(project, own.hiding(), event);
    PiiMask mask = own.mask();
    if (!hide && mask == null) {
      return event;
    }
    return ContentRewrite.of(event, hide, mask == null ? null : mask::mask);
  }

  private boolean hides(ProjectId project, HideRule rule, IncomingEvent event) {
    boolean matches = rule.hides(EventFacts.of(event));
    if (matches && "start".equals(event.event())) {
      hidden.add(project, event);
    }
    return matches || LATE.contains(String.valueOf(event.event())) && hidden.has(project, event);
  }
}
