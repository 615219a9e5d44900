package dev.perilune.processor.store;

import dev.perilune.processor.store.Payload.Part;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Writes runs: four statements a batch, whatever its size. */
public final class RunWriter {
  private static final String GIVEN =
      """
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[],
                    $6::text[], $7::text[], $8::uuid[], $9::text[], $10::uuid[], $11::bigint[],
                    $12::bigint[], $13::integer[], $14::integer[], $15::integer[], $16::integer[],
                    $17::integer[], $18::text[], $19::uuid[], $20::text[], $21::text[], $22::text[],
                    $23::text[], $24::text[], $25::boolean[], $26::boolean[],
                    $27::uuid[]
      """;

  private static final String NAMES =
      """
      project_id, id, created_at, ended_at, type, name, status, parent_run_id, parent_type,
      sibling_run_id, external_user_id, own_user_id, template_version_id, prompt_tokens,
      completion_tokens, cached_prompt_tokens, counted, cost, price_id, tags, metadata, feedback,
      runtime, agent, started, is_deleted, trace_id
      """;

  private static final String INSERT =
      "INSERT INTO run (%s)\n".formatted(NAMES)
          + """
            SELECT project_id, id, created_at, ended_at, type, name, status, parent_run_id,
                   parent_type, sibling_run_id, external_user_id, own_user_id, template_version_id,
                   prompt_tokens, completion_tokens, cached_prompt_tokens, counted, cost::numeric,
                   price_id, tags::text[], metadata::jsonb, feedback::jsonb, runtime, agent,
                   started, is_deleted, trace_id
            """
          + GIVEN
          + ") AS g(%s)".formatted(NAMES);

  private static final String UPDATE =
      """
      UPDATE run r
         SET id = g.id, created_at = g.created_at, ended_at = g.ended_at, type = g.type,
             name = g.name, status = g.status, parent_run_id = g.parent_run_id,
             parent_type = g.parent_type, sibling_run_id = g.sibling_run_id,
             external_user_id = g.external_user_id, own_user_id = g.own_user_id,
             template_version_id = g.template_version_id, prompt_tokens = g.prompt_tokens,
             completion_tokens = g.completion_tokens,
             cached_prompt_tokens = g.cached_prompt_tokens, counted = g.counted,
             cost = g.cost::numeric, price_id = g.price_id, tags = g.tags::text[],
             metadata = g.metadata::jsonb, feedback = g.feedback::jsonb, runtime = g.runtime,
             agent = g.agent, started = g.started, is_deleted = g.is_deleted,
             trace_id = g.trace_id
      """
          + GIVEN
          + "             , $28::uuid[], $29::timestamptz[]) AS g(%s, old_id, old_created_at)\n"
              .formatted(NAMES)
          + """
             WHERE r.project_id = g.project_id AND r.id = g.old_id
               AND r.created_at = g.old_created_at
               AND r.created_at >= $30 AND r.created_at <= $31
            """;

  private static final String INSERT_PAYLOAD =
      """
      INSERT INTO run_payload (project_id, run_id, created_at, input, output, error, params, fold)
      SELECT *
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::text[])
      """;

  private static final String UPDATE_PAYLOAD =
      """
      UPDATE run_payload p
         SET run_id = g.id, created_at = g.created_at, fold = g.fold,
             input = CASE WHEN g.has_input THEN g.input ELSE p.input END,
             output = CASE WHEN g.has_output THEN g.output ELSE p.output END,
             error = CASE WHEN g.has_error THEN g.error ELSE p.error END,
             params = CASE WHEN g.has_params THEN g.params ELSE p.params END
        FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::text[], $9::boolean[], $10::boolean[], $11::boolean[],
                    $12::boolean[], $13::uuid[], $14::timestamptz[])
             AS g(project_id, id, created_at, input, output, error, params, fold, has_input,
                  has_output, has_error, has_params, old_id, old_created_at)
       WHERE p.project_id = g.project_id AND p.run_id = g.old_id
         AND p.created_at = g.old_created_at
         AND p.created_at >= $15 AND p.created_at <= $16
      """;

  private static final String DELETE =
      """
      DELETE FROM run r
       USING unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, created_at)
       WHERE r.project_id = g.project_id AND r.id = g.id AND r.created_at = g.created_at
      """;

  private static final String DELETE_PAYLOAD =
      """
      DELETE FROM run_payload p
       USING unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g(project_id, id, created_at)
       WHERE p.project_id = g.project_id AND p.run_id = g.id AND p.created_at = g.created_at
      """;

  private RunWriter() {}

  /**
   * Writes every change; new runs are inserted, stored ones updated or moved. What that does to the
   * figures is noted with them.
   */
  public static void write(Tx tx, List<RunChange> changes, RunFigures figures) {
    changes.forEach(figures::change);
    List<RunChange> ordered =
        changes.stream().sorted(Comparator.comparing(change -> change.row().key())).toList();
    List<RunChange> known = ordered.stream().filter(change -> change.stored() != null).toList();
    List<RunChange> added = ordered.stream().filter(change -> change.stored() == null).toList();
    if (!known.isEmpty()) {
      tx.run(UPDATE, bounds(places(narrow(known), known).tuple(), known));
      tx.run(UPDATE_PAYLOAD, bounds(places(flags(wide(known)), known).tuple(), known));
    }
    if (!added.isEmpty()) {
      tx.run(INSERT, narrow(added).tuple());
      tx.run(INSERT_PAYLOAD, wide(added).tuple());
    }
  }

  /** Deletes these rows; what that does to the figures is noted with them. */
  public static void delete(Tx tx, Collection<StoredRun> runs, RunFigures figures) {
    if (!runs.isEmpty()) {
      runs.forEach(run -> figures.takeAway(run.row()));
      List<RunChange.Place> places = runs.stream().map(StoredRun::place).toList();
      tx.run(DELETE, RunSql.places(places).tuple());
      tx.run(DELETE_PAYLOAD, RunSql.places(places).tuple());
    }
  }

  private static Columns<RunChange> narrow(List<RunChange> changes) {
    return Columns.of(changes)
        .uuid(change -> change.row().key().project().value())
        .uuid(change -> change.row().key().id())
        .time(change -> change.row().createdAtMicros())
        .time(change -> change.row().endedAtMicros())
        .text(change -> change.row().type())
        .text(change -> change.row().name())
        .text(change -> change.row().status())
        .uuid(change -> change.row().parentId())
        .text(change -> change.row().parentType())
        .uuid(change -> change.row().siblingId())
        .bigint(change -> change.row().userId())
        .bigint(change -> change.row().ownUserId())
        .integer(change -> change.row().templateVersionId())
        .integer(change -> change.row().promptTokens())
        .integer(change -> change.row().completionTokens())
        .integer(change -> change.row().cachedPromptTokens())
        .integer(change -> change.row().counted())
        .text(RunWriter::cost)
        .uuid(change -> change.row().priceId())
        .texts(change -> change.row().tags())
        .text(change -> change.row().metadata())
        .text(change -> change.row().feedback())
        .text(change -> change.row().runtime())
        .text(change -> change.row().agent())
        .bool(change -> change.row().started())
        .bool(change -> change.row().deleted())
        .uuid(change -> change.row().traceId());
  }

  /** The client can't send a numeric[] with nulls in it, so money travels as text. */
  private static String cost(RunChange change) {
    return change.row().costUsd() == null ? null : change.row().costUsd().toPlainString();
  }

  private static Columns<RunChange> wide(List<RunChange> changes) {
    return Columns.of(changes)
        .uuid(change -> change.row().key().project().value())
        .uuid(change -> change.row().key().id())
        .time(change -> change.row().createdAtMicros())
        .text(change -> change.payload().get(Part.INPUT))
        .text(change -> change.payload().get(Part.OUTPUT))
        .text(change -> change.payload().get(Part.ERROR))
        .text(change -> change.payload().get(Part.PARAMS))
        .text(RunChange::fold);
  }

  private static Columns<RunChange> flags(Columns<RunChange> columns) {
    return columns
        .bool(change -> change.payload().isSet(Part.INPUT))
        .bool(change -> change.payload().isSet(Part.OUTPUT))
        .bool(change -> change.payload().isSet(Part.ERROR))
        .bool(change -> change.payload().isSet(Part.PARAMS));
  }

  private static Columns<RunChange> places(Columns<RunChange> columns, List<RunChange> known) {
    return columns.uuid(change -> change.stored().row().key().id()).time(RunWriter::storedAt);
  }

  private static Long storedAt(RunChange change) {
    return change.stored().row().createdAtMicros();
  }

  /** First and last place, so that the planner can leave out all other weeks. */
  private static Tuple bounds(Tuple values, List<RunChange> known) {
    long first = known.stream().mapToLong(RunWriter::storedAt).min().orElseThrow();
    long last = known.stream().mapToLong(RunWriter::storedAt).max().orElseThrow();
    return values.addOffsetDateTime(Columns.timeOf(first)).addOffsetDateTime(Columns.timeOf(last));
  }
}
