-- Figures that charts and lists read instead of runs. Whoever changes runs changes these in the same
-- transaction, by what the run counted before and what it counts now, so they are never behind and
-- never off: the processor adds its batch's differences, everybody else calls rollup_add.
--
-- What a run counts for is said once, in the view run_figures. Deleted runs count nowhere.
--
-- READING: always sum over slot, and leave out what sums to nothing (HAVING sum(runs) <> 0): a run
-- that got another name leaves a row of zeros behind. Times are UTC. Local days begin inside UTC
-- days, so charts by local day read the hours; where a time zone or a window cuts an hour, take that
-- hour from run_figures, which has the same columns by run.

-- Part of an agent's work: the name of the agent or chain without a parent, or with one of type chat,
-- that the run is or stands below, cut to 200 characters. '' = it has no name, null = below none.
ALTER TABLE run ADD COLUMN agent text;

-- Latencies in 1,047 buckets, each at most 2 % wide, so that its middle is at most 1 % off. Bucket 0
-- is below a millisecond and stands for 0; the last begins at 11.6 days and has no end.
CREATE TABLE latency_bucket (
  bucket        integer PRIMARY KEY,
  from_micros   bigint NOT NULL,
  middle_micros bigint NOT NULL
);
DO $$
DECLARE
  bound  bigint := 1000;
  number integer := 0;
  bounds bigint[] := '{}';
BEGIN
  INSERT INTO latency_bucket VALUES (0, 0, 0);
  WHILE bound <= 1000000000000 LOOP
    number := number + 1;
    bounds := bounds || bound;
    INSERT INTO latency_bucket VALUES (number, bound, bound + bound / 100);
    bound := bound + bound / 50;
  END LOOP;
  EXECUTE format('CREATE FUNCTION latency_bucket_of(micros bigint) RETURNS integer LANGUAGE sql IMMUTABLE
                  PARALLEL SAFE RETURN width_bucket(micros, %L::bigint[])', bounds);
END $$;

-- Many counters in one number: the count of bucket b stands in decimal places 12 b to 12 b + 11. So
-- sum(histogram) adds all buckets at once, and what is subtracted in another slot comes out right.
CREATE FUNCTION latency_one(bucket integer) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('1e' || 12 * bucket)::numeric;

-- The buckets of a histogram (summed over slots) that have runs.
CREATE FUNCTION latency_counts(histogram numeric) RETURNS TABLE (bucket integer, runs bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT size - 1 - i, substr(digits, 12 * i + 1, 12)::bigint
    FROM (SELECT trunc(histogram)::text AS given) g,
         LATERAL (SELECT (length(given) + 11) / 12 AS size) s,
         LATERAL (SELECT lpad(given, 12 * size, '0') AS digits) d,
         generate_series(size - 1, 0, -1) AS i
   WHERE substr(digits, 12 * i + 1, 12) <> '000000000000'
$$;

-- Seconds below which that share (0 to 1) of a histogram's runs ended, as percentile_cont defines it,
-- at most 1 % off; null when there are none.
CREATE FUNCTION latency_percentile(histogram numeric, share double precision) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH counted AS (
    SELECT b.middle_micros, sum(c.runs) OVER (ORDER BY c.bucket) AS upto
      FROM latency_counts(histogram) c JOIN latency_bucket b USING (bucket)
  ), place AS (SELECT share * (max(upto) - 1)::double precision AS rank FROM counted)
  SELECT (low + (rank - floor(rank)) * (high - low)) / 1e6
    FROM place,
         LATERAL (SELECT min(middle_micros)::double precision AS low FROM counted
                   WHERE upto > floor(rank)) l,
         LATERAL (SELECT min(middle_micros)::double precision AS high FROM counted
                   WHERE upto > ceil(rank)) h
$$;

-- What each run counts for. hour and day are UTC and begin it; name and labels are cut to 200
-- characters, name '' = none; unknown tokens and cost count 0. An error is status error, as lists
-- filter it. micros is how long it took, null while it runs.
CREATE VIEW run_figures AS
SELECT r.project_id, r.id, r.created_at,
       date_trunc('hour', r.created_at, 'UTC') AS hour,
       date_trunc('day', r.created_at, 'UTC') AS day,
       left(r.type, 200) AS type,
       left(coalesce(r.name, ''), 200) AS name,
       CASE WHEN cardinality(r.tags) > 0 THEN 1 ELSE 0 END AS tagged,
       CASE WHEN r.status = 'error' THEN 1 ELSE 0 END AS errors,
       CASE WHEN r.ended_at IS NULL THEN 0 ELSE 1 END AS ended,
       (extract(epoch FROM r.ended_at - r.created_at) * 1000000)::bigint AS micros,
       coalesce(r.prompt_tokens, 0)::bigint AS prompt_tokens,
       coalesce(r.completion_tokens, 0)::bigint AS completion_tokens,
       r.cached_prompt_tokens::bigint AS cached_prompt_tokens,
       coalesce(r.cost, 0) AS cost,
       CASE WHEN r.cost IS NULL THEN 0 ELSE 1 END AS costed,
       CASE WHEN r.feedback ->> 'thumb' = 'up' THEN 1 ELSE 0 END AS thumbs_up,
       CASE WHEN r.feedback ->> 'thumb' = 'down' THEN 1 ELSE 0 END AS thumbs_down,
       r.external_user_id AS user_id,
       r.template_version_id,
       r.agent,
       r.tags
  FROM run r
 WHERE NOT r.is_deleted;

-- Processors must not wait for each other's rows, so each transaction writes to a slot of its own:
-- the lowest that no other transaction has. One processor fills one slot, n at the same time fill n.
CREATE FUNCTION rollup_slot() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  slots constant integer := 64;
  slot  integer;
BEGIN
  FOR slot IN 1..slots LOOP
    IF pg_try_advisory_xact_lock(606060, slot) THEN
      RETURN slot;
    END IF;
  END LOOP;
  slot := 1 + pg_backend_pid() % slots;
  PERFORM pg_advisory_xact_lock(606060, slot);
  RETURN slot;
END $$;

-- Runs by hour or day, type and name.
--   tagged       that carry a tag
--   ended, micros  that ended, and the sum of how long they took
--   costed       whose cost is known
--   user_*       the part that counts for a user: its runs and cost
CREATE TABLE rollup_run (
  project_id           uuid NOT NULL,
  per                  text NOT NULL CHECK (per IN ('hour', 'day')),
  at                   timestamptz NOT NULL,
  type                 text NOT NULL,
  name                 text NOT NULL,
  slot                 smallint NOT NULL,
  runs                 bigint NOT NULL,
  tagged               bigint NOT NULL,
  errors               bigint NOT NULL,
  ended                bigint NOT NULL,
  micros               numeric NOT NULL,
  prompt_tokens        bigint NOT NULL,
  completion_tokens    bigint NOT NULL,
  cached_prompt_tokens bigint NOT NULL,
  cost                 numeric NOT NULL,
  costed               bigint NOT NULL,
  thumbs_up            bigint NOT NULL,
  thumbs_down          bigint NOT NULL,
  user_runs            bigint NOT NULL,
  user_cost            numeric NOT NULL,
  PRIMARY KEY (project_id, per, at, type, name, slot)
) WITH (fillfactor = 70);

-- How long runs took, by hour or day and type; ended is the number of runs in the histogram.
--   SELECT latency_percentile(sum(histogram), 0.95) FROM rollup_latency
--    WHERE project_id = $1 AND per = 'hour' AND at >= $2 AND at < $3
CREATE TABLE rollup_latency (
  project_id uuid NOT NULL,
  per        text NOT NULL CHECK (per IN ('hour', 'day')),
  at         timestamptz NOT NULL,
  type       text NOT NULL,
  slot       smallint NOT NULL,
  ended      bigint NOT NULL,
  histogram  numeric NOT NULL,
  PRIMARY KEY (project_id, per, at, type, slot)
) WITH (fillfactor = 50, toast_tuple_target = 8160);

-- Runs by hour and by what they carry: kind agent (label = run.agent), template (label = the id of the
-- template version), tag (label = the tag; a run counts once for each of its tags).
CREATE TABLE rollup_label (
  project_id           uuid NOT NULL,
  kind                 text NOT NULL CHECK (kind IN ('agent', 'template', 'tag')),
  at                   timestamptz NOT NULL,
  label                text NOT NULL,
  slot                 smallint NOT NULL,
  runs                 bigint NOT NULL,
  prompt_tokens        bigint NOT NULL,
  completion_tokens    bigint NOT NULL,
  cost                 numeric NOT NULL,
  PRIMARY KEY (project_id, kind, at, label, slot)
) WITH (fillfactor = 70);

-- Runs by UTC day and the user that they count for (external_user.id). hours has the number of runs
-- of each hour of the day, eight decimal places an hour; costed_hours those whose cost is known.
--   active from hour a of the day on:  hours >= ('1e' || 8 * a)::numeric
--   active before hour b of the day:   mod(hours, ('1e' || 8 * b)::numeric) > 0
-- There are no slots: rows of a user are written behind the lock of its row in external_user.
CREATE TABLE rollup_user (
  project_id        uuid NOT NULL,
  day               timestamptz NOT NULL,
  user_id           bigint NOT NULL,
  runs              bigint NOT NULL,
  costed            bigint NOT NULL,
  prompt_tokens     bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cost              numeric NOT NULL,
  hours             numeric NOT NULL,
  costed_hours      numeric NOT NULL,
  PRIMARY KEY (project_id, day, user_id)
) WITH (fillfactor = 70);

-- The same over all time, for the list of users.
ALTER TABLE external_user
  ADD COLUMN runs              bigint NOT NULL DEFAULT 0,
  ADD COLUMN costed            bigint NOT NULL DEFAULT 0,
  ADD COLUMN prompt_tokens     bigint NOT NULL DEFAULT 0,
  ADD COLUMN completion_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN cost              numeric NOT NULL DEFAULT 0;
ALTER TABLE external_user SET (fillfactor = 70);

-- Moves whenever a project's figures change, in the same transaction. sum(version) names a state of
-- them for caches (read it before the figures); max(changed_at) says how fresh they are.
CREATE TABLE rollup_version (
  project_id uuid NOT NULL,
  slot       smallint NOT NULL,
  version    bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, slot)
) WITH (fillfactor = 50);

-- Adds (sign 1) or takes away (sign -1) what these stored runs count for, everywhere. To change runs
-- outside of the processor, in one transaction: lock them (SELECT ... ORDER BY project_id, id FOR UPDATE),
-- rollup_add(-1, ...), change them, rollup_add(1, ...). Rows that are gone or deleted add nothing.
CREATE FUNCTION rollup_add(sign integer, project uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  mine  smallint := rollup_slot();
  first timestamptz; -- with these the planner leaves out all other weeks
  last  timestamptz;
BEGIN
  INSERT INTO rollup_version AS t VALUES (project, mine, 1, clock_timestamp())
      ON CONFLICT (project_id, slot) DO UPDATE
     SET version = t.version + 1, changed_at = excluded.changed_at;

  WITH given AS MATERIALIZED (
    SELECT f.created_at FROM run_figures f WHERE f.project_id = project AND f.id = ANY (ids)
  )
  SELECT min(g.created_at), max(g.created_at) INTO first, last FROM given g;

  INSERT INTO rollup_run AS t
  SELECT f.project_id, p.per, p.at, f.type, f.name, mine, sign * count(*), sign * sum(f.tagged),
         sign * sum(f.errors), sign * sum(f.ended), sign * coalesce(sum(f.micros), 0),
         sign * sum(f.prompt_tokens), sign * sum(f.completion_tokens),
         sign * sum(f.cached_prompt_tokens), sign * sum(f.cost), sign * sum(f.costed),
         sign * sum(f.thumbs_up), sign * sum(f.thumbs_down), sign * count(f.user_id),
         sign * sum(CASE WHEN f.user_id IS NULL THEN 0 ELSE f.cost END)
    FROM run_figures f, LATERAL (VALUES ('hour', f.hour), ('day', f.day)) AS p(per, at)
   WHERE f.project_id = project AND f.id = ANY (ids) AND f.created_at BETWEEN first AND last
   GROUP BY f.project_id, p.per, p.at, f.type, f.name
      ON CONFLICT (project_id, per, at, type, name, slot) DO UPDATE
     SET runs = t.runs + excluded.runs, tagged = t.tagged + excluded.tagged,
         errors = t.errors + excluded.errors, ended = t.ended + excluded.ended,
         micros = t.micros + excluded.micros,
         prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = t.completion_tokens + excluded.completion_tokens,
         cached_prompt_tokens = t.cached_prompt_tokens + excluded.cached_prompt_tokens,
         cost = t.cost + excluded.cost, costed = t.costed + excluded.costed,
         thumbs_up = t.thumbs_up + excluded.thumbs_up,
         thumbs_down = t.thumbs_down + excluded.thumbs_down,
         user_runs = t.user_runs + excluded.user_runs, user_cost = t.user_cost + excluded.user_cost;

  INSERT INTO rollup_latency AS t
  SELECT f.project_id, p.per, p.at, f.type, mine, sign * count(*),
         sign * sum(latency_one(latency_bucket_of(f.micros)))
    FROM run_figures f, LATERAL (VALUES ('hour', f.hour), ('day', f.day)) AS p(per, at)
   WHERE f.project_id = project AND f.id = ANY (ids)
     AND f.created_at BETWEEN first AND last AND f.micros IS NOT NULL
   GROUP BY f.project_id, p.per, p.at, f.type
      ON CONFLICT (project_id, per, at, type, slot) DO UPDATE
     SET ended = t.ended + excluded.ended, histogram = t.histogram + excluded.histogram;

  INSERT INTO rollup_label AS t
  SELECT f.project_id, l.kind, f.hour, l.label, mine, sign * count(*), sign * sum(f.prompt_tokens),
         sign * sum(f.completion_tokens), sign * sum(f.cost)
    FROM run_figures f,
         LATERAL (SELECT 'agent' AS kind, f.agent AS label
                  UNION ALL SELECT 'template', f.template_version_id::text
                  UNION SELECT 'tag', left(tag, 200) FROM unnest(f.tags) AS tag) l
   WHERE f.project_id = project AND f.id = ANY (ids)
     AND f.created_at BETWEEN first AND last AND l.label IS NOT NULL
   GROUP BY f.project_id, l.kind, f.hour, l.label
      ON CONFLICT (project_id, kind, at, label, slot) DO UPDATE
     SET runs = t.runs + excluded.runs, prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = t.completion_tokens + excluded.completion_tokens,
         cost = t.cost + excluded.cost;

  PERFORM 1
     FROM external_user u
    WHERE u.project_id = project
      AND u.id IN (SELECT f.user_id
                     FROM run_figures f
                    WHERE f.project_id = project AND f.id = ANY (ids)
                      AND f.created_at BETWEEN first AND last)
    ORDER BY u.external_id
      FOR NO KEY UPDATE;

  UPDATE external_user u
     SET runs = u.runs + sign * g.runs, costed = u.costed + sign * g.costed,
         prompt_tokens = u.prompt_tokens + sign * g.prompt_tokens,
         completion_tokens = u.completion_tokens + sign * g.completion_tokens,
         cost = u.cost + sign * g.cost
    FROM (SELECT f.user_id, count(*) AS runs, sum(f.costed) AS costed,
                 sum(f.prompt_tokens) AS prompt_tokens, sum(f.completion_tokens) AS completion_tokens,
                 sum(f.cost) AS cost
            FROM run_figures f
           WHERE f.project_id = project AND f.id = ANY (ids)
             AND f.created_at BETWEEN first AND last AND f.user_id IS NOT NULL
           GROUP BY f.user_id) g
   WHERE u.project_id = project AND u.id = g.user_id;

  INSERT INTO rollup_user AS t
  SELECT f.project_id, f.day, f.user_id, sign * count(*), sign * sum(f.costed),
         sign * sum(f.prompt_tokens), sign * sum(f.completion_tokens), sign * sum(f.cost),
         sign * sum(h.one), sign * sum(h.one * f.costed)
    FROM run_figures f,
         LATERAL (SELECT ('1e' || 8 * extract(hour FROM f.hour AT TIME ZONE 'UTC')::integer)::numeric
                         AS one) h
   WHERE f.project_id = project AND f.id = ANY (ids)
     AND f.created_at BETWEEN first AND last AND f.user_id IS NOT NULL
   GROUP BY f.project_id, f.day, f.user_id
   ORDER BY f.project_id, f.day, f.user_id
      ON CONFLICT (project_id, day, user_id) DO UPDATE
     SET runs = t.runs + excluded.runs, costed = t.costed + excluded.costed,
         prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = t.completion_tokens + excluded.completion_tokens,
         cost = t.cost + excluded.cost, hours = t.hours + excluded.hours,
         costed_hours = t.costed_hours + excluded.costed_hours;
END $$;

-- Runs that are there already.
WITH RECURSIVE part AS (
  SELECT r.project_id, r.id, r.created_at, left(coalesce(r.name, ''), 200) AS agent
    FROM run r
   WHERE r.type IN ('agent', 'chain') AND (r.parent_run_id IS NULL OR r.parent_type = 'chat')
  UNION
  SELECT r.project_id, r.id, r.created_at, p.agent
    FROM part p
    JOIN run r ON r.project_id = p.project_id AND r.parent_run_id = p.id
   WHERE NOT (r.type IN ('agent', 'chain') AND r.parent_type = 'chat')
)
UPDATE run r
   SET agent = p.agent
  FROM part p
 WHERE r.project_id = p.project_id AND r.id = p.id AND r.created_at = p.created_at;

SELECT rollup_add(1, project_id, array_agg(id))
  FROM run
 GROUP BY project_id, date_trunc('day', created_at, 'UTC');
