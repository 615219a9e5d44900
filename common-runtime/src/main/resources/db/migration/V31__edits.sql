-- What people set for an id: tags and visibility, in the form of feedback. Kept with the id for the
-- same reasons: an exchange is made anew whenever its conversation changes, and an id may be spoken
-- of before its run is stored.
ALTER TABLE run_alias ADD COLUMN edits text;

-- Runs that anybody may read who knows their id; there are few.
CREATE INDEX run_public ON run (id) WHERE is_public;

-- Ids that were deleted: events that name one are dropped, so that late ones, repeated ones and
-- replays bring nothing back. A conversation may go on after it was deleted: of one, only what was
-- received before is dropped.
CREATE TABLE run_tombstone (
  project_id   uuid NOT NULL,
  id           uuid NOT NULL,
  deleted_at   timestamptz NOT NULL,
  conversation boolean NOT NULL DEFAULT false,
  PRIMARY KEY (project_id, id)
);

-- Users that were erased, as a hash: of what was received before, nothing that names them is stored.
CREATE TABLE user_erasure (
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  user_hash  bytea NOT NULL,
  erased_at  timestamptz NOT NULL,
  PRIMARY KEY (project_id, user_hash)
);

-- Whether the two tables above have anything of the project. Processors read it with the project,
-- so that projects that delete nothing pay nothing.
ALTER TABLE project ADD COLUMN forgets boolean NOT NULL DEFAULT false;

CREATE FUNCTION user_hash(of_project uuid, external_id text) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(uuid_send(of_project) || convert_to(external_id, 'UTF8'));

-- A gate between processors, which pass it once a batch, and the few changes that must not run
-- beside a batch. Whoever closes it waits for the batches under way, and the next ones wait for him.
CREATE FUNCTION run_gate_pass() RETURNS void LANGUAGE sql
BEGIN ATOMIC SELECT pg_advisory_xact_lock_shared(3131); END;

CREATE FUNCTION run_gate_close() RETURNS void LANGUAGE sql
BEGIN ATOMIC SELECT pg_advisory_xact_lock(3131); END;

CREATE INDEX log_line_of_run ON log_line (project_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX log_line_of_parent ON log_line (project_id, parent_run_id) WHERE parent_run_id IS NOT NULL;

-- These runs and all below them, with the number of steps between.
CREATE FUNCTION run_below(of_project uuid, given uuid[]) RETURNS TABLE (id uuid, depth integer)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  seen  uuid[] := given;
  level uuid[] := given;
  steps integer := 0;
BEGIN
  WHILE cardinality(level) > 0 LOOP
    RETURN QUERY SELECT l.id, steps FROM unnest(level) AS l(id);
    -- children name their parent by any of its ids
    SELECT coalesce(array_agg(DISTINCT r.id), '{}')
      INTO level
      FROM (SELECT unnest(level) AS id
            UNION
            SELECT a.id FROM run_alias a WHERE a.project_id = of_project AND a.run_id = ANY (level)) AS n
      JOIN run r ON r.project_id = of_project AND r.parent_run_id = n.id
     WHERE r.id <> ALL (seen);
    seen := seen || level;
    steps := steps + 1;
  END LOOP;
END $$;

-- Deletes these runs and all below them, with everything that belongs to them, and remembers their
-- ids. Ids without a run are remembered too. Returns the number of runs.
CREATE FUNCTION run_forget(of_project uuid, given uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  at      timestamptz := clock_timestamp();
  doomed  uuid[];
  threads uuid[];
  names   uuid[];
  deleted bigint;
BEGIN
  SELECT array_agg(DISTINCT b.id) INTO doomed FROM run_below(of_project, given) b;
  PERFORM 1 FROM run r WHERE r.project_id = of_project AND r.id = ANY (doomed)
    ORDER BY r.project_id, r.id FOR UPDATE;
  SELECT coalesce(array_agg(t.id), '{}')
    INTO threads
    FROM (SELECT r.id FROM run r
           WHERE r.project_id = of_project AND r.id = ANY (doomed) AND r.type = 'thread'
          UNION
          SELECT m.thread_id FROM thread_message m
           WHERE m.project_id = of_project AND m.thread_id = ANY (doomed)) AS t;

  -- what was said goes first: without it no exchange can be folded again
  WITH said AS (
    DELETE FROM thread_message m
     WHERE m.project_id = of_project AND m.thread_id = ANY (doomed)
    RETURNING m.message_id, m.aliases
  ), said_in_exchange AS (
    DELETE FROM thread_message m
     USING run r
     WHERE r.project_id = of_project AND r.id = ANY (doomed) AND r.type IN ('chat', 'custom-event')
       AND m.project_id = of_project AND m.thread_id = r.parent_run_id AND m.run_id = r.id
       AND m.thread_id <> ALL (doomed)
    RETURNING m.message_id, m.aliases
  ), known AS (
    DELETE FROM run_alias a
     WHERE a.project_id = of_project AND (a.run_id = ANY (doomed) OR a.id = ANY (doomed))
    RETURNING a.id, a.run_id
  ), message AS (
    SELECT * FROM said UNION ALL SELECT * FROM said_in_exchange
  ), name AS (
    SELECT unnest(doomed) AS id, NULL::uuid AS of
    UNION ALL SELECT k.id, k.run_id FROM known k
    UNION ALL SELECT m.message_id, NULL FROM message m
    UNION ALL SELECT unnest(m.aliases), NULL FROM message m
  ), marked AS (
    INSERT INTO run_tombstone AS t (project_id, id, deleted_at, conversation)
    SELECT of_project, n.id, at, bool_or(n.id = ANY (threads) OR coalesce(n.of = ANY (threads), false))
      FROM name n
     GROUP BY n.id
     ORDER BY n.id
        ON CONFLICT (project_id, id) DO UPDATE
       SET deleted_at = excluded.deleted_at, conversation = excluded.conversation
    RETURNING t.id
  )
  SELECT array_agg(m.id) INTO names FROM marked m;
  UPDATE project SET forgets = true WHERE id = of_project AND NOT forgets;

  PERFORM rollup_add(-1, of_project, doomed);
  DELETE FROM run_orphan o
   USING run r
   WHERE r.project_id = of_project AND r.id = ANY (doomed)
     AND o.project_id = of_project AND o.parent_id = r.parent_run_id AND o.child_id = r.id;
  DELETE FROM run_orphan o WHERE o.project_id = of_project AND o.parent_id = ANY (names);
  DELETE FROM run_stray s WHERE s.project_id = of_project AND s.id = ANY (doomed);
  DELETE FROM run_score s WHERE s.project_id = of_project AND s.run_id = ANY (names);
  DELETE FROM evaluation_result_v2 e WHERE e.project_id = of_project AND e.run_id = ANY (names);
  DELETE FROM log_line l WHERE l.project_id = of_project AND l.run_id = ANY (names);
  DELETE FROM log_line l WHERE l.project_id = of_project AND l.parent_run_id = ANY (names);
  DELETE FROM run_payload p WHERE p.project_id = of_project AND p.run_id = ANY (doomed);
  DELETE FROM run r WHERE r.project_id = of_project AND r.id = ANY (doomed);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  IF to_regprocedure('search_forget(uuid, uuid[])') IS NOT NULL THEN
    PERFORM search_forget(of_project, doomed);
  END IF;
  RETURN deleted;
END $$;
