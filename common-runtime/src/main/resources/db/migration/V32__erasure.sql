-- Users whose data is being deleted, or was. external_id is there only until the dead letters that
-- name it are gone; what is left afterwards says that somebody was erased, not who.
CREATE TABLE erasure (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id   uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  user_id      bigint NOT NULL,
  external_id  text,
  runs         bigint NOT NULL DEFAULT 0,
  runs_deleted bigint NOT NULL DEFAULT 0,
  requested_at timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz
);
CREATE INDEX erasure_of ON erasure (project_id, user_id);
CREATE INDEX erasure_open ON erasure (id) WHERE finished_at IS NULL;

-- Runs that an erasure still has to delete.
CREATE TABLE erasure_run (
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  erasure_id bigint NOT NULL REFERENCES erasure ON DELETE CASCADE,
  run_id     uuid NOT NULL,
  PRIMARY KEY (erasure_id, run_id)
);

-- The stored id of a client's id, as RunIds.derive makes it.
CREATE FUNCTION derived_run_id(raw text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN raw ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN raw::uuid
              ELSE overlay(overlay(hash PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid END
    FROM (SELECT left(encode(sha256(convert_to(raw, 'UTF8')), 'hex'), 32) AS hash) h
$$;

-- Deletes the dead letters of the project that name a deleted run, or have one of these texts in
-- them. Letters are bytes that nobody could read, so in doubt they go.
CREATE FUNCTION letter_forget(of_project uuid, texts bytea[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  deleted bigint;
BEGIN
  DELETE FROM dead_letter d
   WHERE d.project_id = of_project
     AND (EXISTS (SELECT 1 FROM unnest(texts) AS t(part) WHERE position(t.part IN d.record) > 0)
          OR EXISTS (
            SELECT 1
              FROM (SELECT (regexp_matches(encode(d.record, 'escape'),
                                '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'gi'))[1]
                    UNION ALL
                    SELECT (regexp_matches(encode(d.record, 'escape'),
                                '"(?:runId|run_id|parentRunId|parent_run_id)"\s*:\s*"([^"\\]+)"', 'g'))[1])
                   AS named(id)
              JOIN run_tombstone t ON t.project_id = of_project AND t.id = derived_run_id(named.id)));
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END $$;

-- Figures that came to nothing still have names and tags in them. The caller's transaction closed
-- the gate, so nobody writes beside it.
CREATE FUNCTION rollup_forget_empty(of_project uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM rollup_run t WHERE t.project_id = of_project
    ORDER BY t.per, t.at, t.type, t.name, t.slot FOR UPDATE;
  DELETE FROM rollup_run t
   USING (SELECT per, at, type, name
            FROM rollup_run
           WHERE project_id = of_project
           GROUP BY per, at, type, name
          HAVING sum(runs) = 0) AS e
   WHERE t.project_id = of_project AND t.per = e.per AND t.at = e.at AND t.type = e.type
     AND t.name = e.name;
  PERFORM 1 FROM rollup_label t WHERE t.project_id = of_project
    ORDER BY t.kind, t.at, t.label, t.slot FOR UPDATE;
  DELETE FROM rollup_label t
   USING (SELECT kind, at, label
            FROM rollup_label
           WHERE project_id = of_project
           GROUP BY kind, at, label
          HAVING sum(runs) = 0) AS e
   WHERE t.project_id = of_project AND t.kind = e.kind AND t.at = e.at AND t.label = e.label;
END $$;
