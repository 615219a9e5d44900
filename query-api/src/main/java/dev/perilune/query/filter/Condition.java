package dev.perilune.query.filter;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one filter asks of a run, in its two forms: as SQL over the table {@code run} called {@code
 * r}, and where the facts of a message are enough, as a question to a run in memory.
 */
sealed interface Condition
    permits Condition.Always,
        Condition.Type,
        Condition.NameIn,
        Condition.NamePart,
        Condition.CustomEvents,
        Condition.Tagged,
        Condition.Status,
        Condition.Started,
        Condition.Templates,
        NumberCondition,
        UserCondition,
        FieldCondition,
        FeedbackCondition,
        TextCondition,
        EvaluationCondition {

  /** A condition that may be null where nothing is known; {@code $1} is the project. */
  String sql(SqlArguments arguments);

  /** The same question to a run in memory; nothing if its message does not tell. */
  default Optional<Predicate<RunFacts>> inMemory() {
    return Optional.empty();
  }

  /** Whether the type and the name of a run decide. */
  default boolean asksTypeAndNameOnly() {
    return false;
  }

  /** Asks nothing. */
  record Always() implements Condition {
    @Override
    public boolean asksTypeAndNameOnly() {
      return true;
    }

    @Override
    public String sql(SqlArguments arguments) {
      return "TRUE";
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(run -> true);
    }
  }

  /** Runs of a type; {@code trace} is an agent or chain at the top, or below a message. */
  record Type(String type) implements Condition {
    private static final String TRACE = "trace";
    private static final Set<String> TRACE_TYPES = Set.of("agent", "chain");
    private static final String TRACES =
        """
        r.type IN ('agent', 'chain')
        AND (r.parent_run_id IS NULL OR r.parent_type IS NULL OR r.parent_type = 'chat')\
        """;

    @Override
    public boolean asksTypeAndNameOnly() {
      return !type.equals(TRACE);
    }

    @Override
    public String sql(SqlArguments arguments) {
      return type.equals(TRACE) ? TRACES : "r.type = " + arguments.add(type);
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(type.equals(TRACE) ? Type::isTrace : run -> run.type().equals(type));
    }

    private static boolean isTrace(RunFacts run) {
      return TRACE_TYPES.contains(run.type())
          && (run.parentRunId() == null
              || run.parentType() == null
              || run.parentType().equals("chat"));
    }
  }

  /** Runs with one of these names, such as models. */
  record NameIn(List<String> names) implements Condition {
    @Override
    public boolean asksTypeAndNameOnly() {
      return true;
    }

    @Override
    public String sql(SqlArguments arguments) {
      return "r.name = ANY (" + arguments.add(names.toArray(String[]::new)) + "::text[])";
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(run -> run.name() != null && names.contains(run.name()));
    }
  }

  /** Events of an application's own, by their names. */
  record CustomEvents(List<String> names) implements Condition {
    @Override
    public boolean asksTypeAndNameOnly() {
      return true;
    }

    @Override
    public String sql(SqlArguments arguments) {
      return "r.type = 'custom-event' AND " + new NameIn(names).sql(arguments);
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(
          run -> run.type().equals("custom-event") && names.contains(String.valueOf(run.name())));
    }
  }

  /** Runs whose name contains a text, whatever its case. */
  record NamePart(String text) implements Condition {
    @Override
    public boolean asksTypeAndNameOnly() {
      return true;
    }

    @Override
    public String sql(SqlArguments arguments) {
      return "strpos(%s, %s) > 0"
          .formatted(SqlArguments.folded("r.name"), arguments.foldedOnce(text));
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      String wanted = FoldedText.of(text);
      return Optional.of(run -> run.name() != null && FoldedText.of(run.name()).contains(wanted));
    }
  }

  /** Runs with at least one of these tags. */
  record Tagged(List<String> tags) implements Condition {
    @Override
    public String sql(SqlArguments arguments) {
      return "r.tags && " + arguments.add(tags.toArray(String[]::new)) + "::text[]";
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(run -> run.tags().stream().anyMatch(tags::contains));
    }
  }

  /** Runs that ended so. */
  record Status(String status) implements Condition {
    @Override
    public String sql(SqlArguments arguments) {
      return "r.status = " + arguments.add(status);
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(run -> status.equals(run.status()));
    }
  }

  /** Runs that started before or after a time. */
  record Started(boolean after, Instant time) implements Condition {
    @Override
    public String sql(SqlArguments arguments) {
      OffsetDateTime bound = time.atOffset(ZoneOffset.UTC);
      return "r.created_at " + (after ? "> " : "< ") + arguments.add(bound) + "::timestamptz";
    }

    @Override
    public Optional<Predicate<RunFacts>> inMemory() {
      return Optional.of(
          run ->
              run.createdAt() != null
                  && (after ? run.createdAt().isAfter(time) : run.createdAt().isBefore(time)));
    }
  }

  /** Runs that used a version of one of these templates; a version of another project is none. */
  record Templates(List<Long> ids) implements Condition {
    @Override
    public String sql(SqlArguments arguments) {
      return """
      r.template_version_id IN (
        SELECT v.id FROM template_version v
         WHERE v.project_id = $1 AND v.template_id = ANY (%s::bigint[]) OFFSET 0)\
      """
          .formatted(arguments.add(ids.toArray(Long[]::new)));
    }
  }
}
