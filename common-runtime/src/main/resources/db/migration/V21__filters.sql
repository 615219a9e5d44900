-- What evaluators said of runs; filters ask for it. Nothing writes here yet.
CREATE TABLE evaluator (
  project_id  uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  id          uuid NOT NULL DEFAULT gen_random_uuid(),
  owner_id    uuid,
  name        text NOT NULL,
  slug        text NOT NULL,
  type        text NOT NULL,
  mode        text NOT NULL DEFAULT 'normal',
  description text,
  params      jsonb NOT NULL DEFAULT '{}',
  filters     jsonb NOT NULL DEFAULT '["AND"]',
  kind        text NOT NULL DEFAULT 'custom' CHECK (kind IN ('custom', 'builtin')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, id)
);

CREATE TABLE evaluation_result_v2 (
  project_id   uuid NOT NULL,
  run_id       uuid NOT NULL,
  evaluator_id uuid NOT NULL,
  result       jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, run_id, evaluator_id),
  FOREIGN KEY (project_id, evaluator_id) REFERENCES evaluator ON DELETE CASCADE
);
CREATE INDEX evaluation_result_of ON evaluation_result_v2 (project_id, evaluator_id);

-- How many messages a conversation has: those that were reported one by one, and for exchanges
-- that an older client reported as a run of type chat, the length of each side (1 if it is no list).
CREATE FUNCTION thread_messages(project uuid, thread uuid) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (SELECT count(*)
            FROM thread_message m
           WHERE m.project_id = project AND m.thread_id = thread AND m.kind = 'chat')
       + (SELECT coalesce(sum(CASE WHEN side IS NULL OR side = 'null' THEN 0
                                   WHEN side LIKE '[%' THEN json_array_length(side::json)
                                   ELSE 1 END), 0)
            FROM run c
            JOIN run_payload p
              ON p.project_id = project AND p.run_id = c.id AND p.created_at = c.created_at
           CROSS JOIN LATERAL unnest(ARRAY[p.input, p.output]) AS side
           WHERE c.project_id = project AND c.type = 'chat'
             AND c.parent_run_id = ANY (ARRAY(SELECT thread
                                               UNION ALL
                                              SELECT a.id FROM run_alias a
                                               WHERE a.project_id = project AND a.run_id = thread))
             AND NOT EXISTS (SELECT FROM thread_message told
                              WHERE told.project_id = project AND told.thread_id = thread
                                AND (told.run_id = c.id OR told.message_id = c.id)))
$$;

-- A text without regard to case, in any script and whatever the locale of the database: full case
-- folding (ß = ss, every sigma is one), with the Turkish i's, dotted or not, all being one letter.
CREATE FUNCTION folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(casefold(words COLLATE pg_unicode_fast), U&'i\0307', 'i'), U&'\0131', 'i');
