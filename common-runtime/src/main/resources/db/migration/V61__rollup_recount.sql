-- Recounting: what runs count for less what the tables of figures say. Both sides are read in one
-- snapshot and every transaction changes both, so a difference is a fault whatever runs meanwhile; and
-- as figures are sums, a fault is mended by adding the difference. Nobody has to stand still.
-- Ranges are whole UTC days.

CREATE FUNCTION rollup_run_off(project uuid, from_day timestamptz, to_day timestamptz)
RETURNS SETOF rollup_run LANGUAGE sql STABLE AS $$
  SELECT project, per, at, type, name, 0::smallint, sum(runs)::bigint, sum(tagged)::bigint,
         sum(errors)::bigint, sum(ended)::bigint, sum(micros), sum(prompt_tokens)::bigint,
         sum(completion_tokens)::bigint, sum(cached_prompt_tokens)::bigint, sum(cost),
         sum(costed)::bigint, sum(thumbs_up)::bigint, sum(thumbs_down)::bigint,
         sum(user_runs)::bigint, sum(user_cost)
    FROM (
      SELECT p.per, p.at, f.type, f.name, count(*) AS runs, sum(f.tagged) AS tagged,
             sum(f.errors) AS errors, sum(f.ended) AS ended, coalesce(sum(f.micros), 0) AS micros,
             sum(f.prompt_tokens) AS prompt_tokens, sum(f.completion_tokens) AS completion_tokens,
             sum(f.cached_prompt_tokens) AS cached_prompt_tokens, sum(f.cost) AS cost,
             sum(f.costed) AS costed, sum(f.thumbs_up) AS thumbs_up,
             sum(f.thumbs_down) AS thumbs_down, count(f.user_id) AS user_runs,
             sum(CASE WHEN f.user_id IS NULL THEN 0 ELSE f.cost END) AS user_cost
        FROM run_figures f, LATERAL (VALUES ('hour', f.hour), ('day', f.day)) AS p(per, at)
       WHERE f.project_id = project AND f.created_at >= from_day AND f.created_at < to_day
       GROUP BY p.per, p.at, f.type, f.name
      UNION ALL
      SELECT t.per, t.at, t.type, t.name, -t.runs, -t.tagged, -t.errors, -t.ended, -t.micros,
             -t.prompt_tokens, -t.completion_tokens, -t.cached_prompt_tokens, -t.cost, -t.costed,
             -t.thumbs_up, -t.thumbs_down, -t.user_runs, -t.user_cost
        FROM rollup_run t
       WHERE t.project_id = project AND t.per IN ('hour', 'day')
         AND t.at >= from_day AND t.at < to_day
    ) AS both_sides
   GROUP BY per, at, type, name
  HAVING (sum(runs), sum(tagged), sum(errors), sum(ended), sum(micros), sum(prompt_tokens),
          sum(completion_tokens), sum(cached_prompt_tokens), sum(cost), sum(costed), sum(thumbs_up),
          sum(thumbs_down), sum(user_runs), sum(user_cost))
         <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
$$;

CREATE FUNCTION rollup_latency_off(project uuid, from_day timestamptz, to_day timestamptz)
RETURNS SETOF rollup_latency LANGUAGE sql STABLE AS $$
  SELECT project, per, at, type, 0::smallint, sum(ended)::bigint, sum(histogram)
    FROM (
      SELECT p.per, p.at, f.type, count(*) AS ended,
             sum(latency_one(latency_bucket_of(f.micros))) AS histogram
        FROM run_figures f, LATERAL (VALUES ('hour', f.hour), ('day', f.day)) AS p(per, at)
       WHERE f.project_id = project AND f.created_at >= from_day AND f.created_at < to_day
         AND f.micros IS NOT NULL
       GROUP BY p.per, p.at, f.type
      UNION ALL
      SELECT t.per, t.at, t.type, -t.ended, -t.histogram
        FROM rollup_latency t
       WHERE t.project_id = project AND t.per IN ('hour', 'day')
         AND t.at >= from_day AND t.at < to_day
    ) AS both_sides
   GROUP BY per, at, type
  HAVING (sum(ended), sum(histogram)) <> (0, 0)
$$;

CREATE FUNCTION rollup_label_off(project uuid, from_day timestamptz, to_day timestamptz)
RETURNS SETOF rollup_label LANGUAGE sql STABLE AS $$
  SELECT project, kind, at, label, 0::smallint, sum(runs)::bigint, sum(prompt_tokens)::bigint,
         sum(completion_tokens)::bigint, sum(cost)
    FROM (
      SELECT l.kind, f.hour AS at, l.label, 1 AS runs, f.prompt_tokens, f.completion_tokens, f.cost
        FROM run_figures f,
             LATERAL (SELECT 'agent' AS kind, f.agent AS label
                      UNION ALL SELECT 'template', f.template_version_id::text
                      UNION SELECT 'tag', left(tag, 200) FROM unnest(f.tags) AS tag) l
       WHERE f.project_id = project AND f.created_at >= from_day AND f.created_at < to_day
         AND l.label IS NOT NULL
      UNION ALL
      SELECT t.kind, t.at, t.label, -t.runs, -t.prompt_tokens, -t.completion_tokens, -t.cost
        FROM rollup_label t
       WHERE t.project_id = project AND t.kind IN ('agent', 'template', 'tag')
         AND t.at >= from_day AND t.at < to_day
    ) AS both_sides
   GROUP BY kind, at, label
  HAVING (sum(runs), sum(prompt_tokens), sum(completion_tokens), sum(cost)) <> (0, 0, 0, 0)
$$;

CREATE FUNCTION rollup_user_off(project uuid, from_day timestamptz, to_day timestamptz)
RETURNS SETOF rollup_user LANGUAGE sql STABLE AS $$
  SELECT project, day, user_id, sum(runs)::bigint, sum(costed)::bigint, sum(prompt_tokens)::bigint,
         sum(completion_tokens)::bigint, sum(cost), sum(hours), sum(costed_hours)
    FROM (
      SELECT f.day, f.user_id, 1 AS runs, f.costed, f.prompt_tokens, f.completion_tokens, f.cost,
             h.one AS hours, h.one * f.costed AS costed_hours
        FROM run_figures f,
             LATERAL (SELECT ('1e' || 8 * extract(hour FROM f.hour AT TIME ZONE 'UTC')::integer)::numeric
                             AS one) h
       WHERE f.project_id = project AND f.created_at >= from_day AND f.created_at < to_day
         AND f.user_id IS NOT NULL
      UNION ALL
      SELECT t.day, t.user_id, -t.runs, -t.costed, -t.prompt_tokens, -t.completion_tokens, -t.cost,
             -t.hours, -t.costed_hours
        FROM rollup_user t
       WHERE t.project_id = project AND t.day >= from_day AND t.day < to_day
    ) AS both_sides
   GROUP BY day, user_id
  HAVING (sum(runs), sum(costed), sum(prompt_tokens), sum(completion_tokens), sum(cost), sum(hours),
          sum(costed_hours)) <> (0, 0, 0, 0, 0, 0, 0)
$$;

-- The totals of users, against their days.
CREATE FUNCTION external_user_off(project uuid)
RETURNS TABLE (user_id bigint, runs bigint, costed bigint, prompt_tokens bigint,
               completion_tokens bigint, cost numeric)
LANGUAGE sql STABLE AS $$
  SELECT u.id, coalesce(t.runs, 0) - u.runs, coalesce(t.costed, 0) - u.costed,
         coalesce(t.prompt_tokens, 0) - u.prompt_tokens,
         coalesce(t.completion_tokens, 0) - u.completion_tokens, coalesce(t.cost, 0) - u.cost
    FROM external_user u
    LEFT JOIN (SELECT r.user_id, sum(r.runs)::bigint AS runs, sum(r.costed)::bigint AS costed,
                      sum(r.prompt_tokens)::bigint AS prompt_tokens,
                      sum(r.completion_tokens)::bigint AS completion_tokens, sum(r.cost) AS cost
                 FROM rollup_user r
                WHERE r.project_id = project
                GROUP BY r.user_id) t ON t.user_id = u.id
   WHERE u.project_id = project
     AND (u.runs, u.costed, u.prompt_tokens, u.completion_tokens, u.cost)
         IS DISTINCT FROM (coalesce(t.runs, 0), coalesce(t.costed, 0), coalesce(t.prompt_tokens, 0),
                           coalesce(t.completion_tokens, 0), coalesce(t.cost, 0))
$$;

-- The first day from this one on that has runs or figures; null when none has.
CREATE FUNCTION rollup_next_day(project uuid, from_day timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT date_trunc('day', LEAST(
    (SELECT min(created_at) FROM run WHERE project_id = project AND created_at >= from_day),
    (SELECT min(at) FROM rollup_run WHERE project_id = project AND per = 'hour' AND at >= from_day),
    (SELECT min(at) FROM rollup_run WHERE project_id = project AND per = 'day' AND at >= from_day),
    (SELECT min(at) FROM rollup_latency WHERE project_id = project AND per = 'hour' AND at >= from_day),
    (SELECT min(at) FROM rollup_latency WHERE project_id = project AND per = 'day' AND at >= from_day),
    (SELECT min(at) FROM rollup_label WHERE project_id = project AND kind = 'agent' AND at >= from_day),
    (SELECT min(at) FROM rollup_label WHERE project_id = project AND kind = 'tag' AND at >= from_day),
    (SELECT min(at) FROM rollup_label
      WHERE project_id = project AND kind = 'template' AND at >= from_day),
    (SELECT min(day) FROM rollup_user WHERE project_id = project AND day >= from_day)
  ), 'UTC')
$$;

-- What is off on these days, as text for people; at most most rows of each kind.
CREATE FUNCTION rollup_differences(project uuid, from_day timestamptz, to_day timestamptz, most integer)
RETURNS TABLE (place text, off text) LANGUAGE sql STABLE AS $$
  (SELECT format('runs by %s %s, type %s, name %s', per, at AT TIME ZONE 'UTC', type, name),
          (to_jsonb(d) - '{project_id,per,at,type,name,slot}'::text[])::text
     FROM rollup_run_off(project, from_day, to_day) d LIMIT most)
  UNION ALL
  (SELECT format('latency by %s %s, type %s', per, at AT TIME ZONE 'UTC', type),
          format('{"ended": %s}', ended)
     FROM rollup_latency_off(project, from_day, to_day) LIMIT most)
  UNION ALL
  (SELECT format('%s %s, hour %s', kind, label, at AT TIME ZONE 'UTC'),
          (to_jsonb(d) - '{project_id,kind,at,label,slot}'::text[])::text
     FROM rollup_label_off(project, from_day, to_day) d LIMIT most)
  UNION ALL
  (SELECT format('user %s, day %s', user_id, day AT TIME ZONE 'UTC'),
          (to_jsonb(d) - '{project_id,day,user_id}'::text[])::text
     FROM rollup_user_off(project, from_day, to_day) d LIMIT most)
$$;

-- Mends the figures of these days; returns how many were off. One recount at a time: two would both
-- add the same difference. What counts nothing any more is removed.
CREATE FUNCTION rollup_recount(project uuid, from_day timestamptz, to_day timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  mine   smallint;
  rows   bigint;
  mended bigint := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(606061, hashtext(project::text));
  mine := rollup_slot();

  INSERT INTO rollup_run AS t
  SELECT d.project_id, d.per, d.at, d.type, d.name, mine, d.runs, d.tagged, d.errors, d.ended, d.micros,
         d.prompt_tokens, d.completion_tokens, d.cached_prompt_tokens, d.cost, d.costed, d.thumbs_up,
         d.thumbs_down, d.user_runs, d.user_cost
    FROM rollup_run_off(project, from_day, to_day) d
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
  GET DIAGNOSTICS rows = ROW_COUNT;
  mended := mended + rows;

  INSERT INTO rollup_latency AS t
  SELECT d.project_id, d.per, d.at, d.type, mine, d.ended, d.histogram
    FROM rollup_latency_off(project, from_day, to_day) d
      ON CONFLICT (project_id, per, at, type, slot) DO UPDATE
     SET ended = t.ended + excluded.ended, histogram = t.histogram + excluded.histogram;
  GET DIAGNOSTICS rows = ROW_COUNT;
  mended := mended + rows;

  INSERT INTO rollup_label AS t
  SELECT d.project_id, d.kind, d.at, d.label, mine, d.runs, d.prompt_tokens, d.completion_tokens, d.cost
    FROM rollup_label_off(project, from_day, to_day) d
      ON CONFLICT (project_id, kind, at, label, slot) DO UPDATE
     SET runs = t.runs + excluded.runs, prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = t.completion_tokens + excluded.completion_tokens,
         cost = t.cost + excluded.cost;
  GET DIAGNOSTICS rows = ROW_COUNT;
  mended := mended + rows;

  INSERT INTO rollup_user AS t
  SELECT d.*
    FROM rollup_user_off(project, from_day, to_day) d
   ORDER BY d.day, d.user_id
      ON CONFLICT (project_id, day, user_id) DO UPDATE
     SET runs = t.runs + excluded.runs, costed = t.costed + excluded.costed,
         prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
         completion_tokens = t.completion_tokens + excluded.completion_tokens,
         cost = t.cost + excluded.cost, hours = t.hours + excluded.hours,
         costed_hours = t.costed_hours + excluded.costed_hours;
  GET DIAGNOSTICS rows = ROW_COUNT;
  mended := mended + rows;

  DELETE FROM rollup_run
   WHERE project_id = project AND per IN ('hour', 'day') AND at >= from_day AND at < to_day
     AND (runs, tagged, errors, ended, micros, prompt_tokens, completion_tokens,
          cached_prompt_tokens, cost, costed, thumbs_up, thumbs_down, user_runs, user_cost)
         = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  DELETE FROM rollup_latency
   WHERE project_id = project AND per IN ('hour', 'day') AND at >= from_day AND at < to_day
     AND (ended, histogram) = (0, 0);
  DELETE FROM rollup_label
   WHERE project_id = project AND kind IN ('agent', 'template', 'tag')
     AND at >= from_day AND at < to_day
     AND (runs, prompt_tokens, completion_tokens, cost) = (0, 0, 0, 0);
  DELETE FROM rollup_user
   WHERE project_id = project AND day >= from_day AND day < to_day
     AND (runs, costed, prompt_tokens, completion_tokens, cost, hours, costed_hours)
         = (0, 0, 0, 0, 0, 0, 0);

  IF mended > 0 THEN
    INSERT INTO rollup_version AS t VALUES (project, mine, 1, clock_timestamp())
        ON CONFLICT (project_id, slot) DO UPDATE
       SET version = t.version + 1, changed_at = excluded.changed_at;
  END IF;
  RETURN mended;
END $$;

-- Mends the totals of users after their days; returns how many were off.
CREATE FUNCTION external_user_recount(project uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  mended bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(606061, hashtext(project::text));
  UPDATE external_user u
     SET runs = u.runs + d.runs, costed = u.costed + d.costed,
         prompt_tokens = u.prompt_tokens + d.prompt_tokens,
         completion_tokens = u.completion_tokens + d.completion_tokens, cost = u.cost + d.cost
    FROM external_user_off(project) d
   WHERE u.project_id = project AND u.id = d.user_id;
  GET DIAGNOSTICS mended = ROW_COUNT;
  RETURN mended;
END $$;
