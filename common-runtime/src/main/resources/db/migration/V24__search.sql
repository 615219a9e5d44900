-- The search index: which words are in which runs. Written beside the ingest path, from what is
-- stored. RATIONALE.md tells why it is our own.

-- Runs whose texts changed and are not in the index yet: a row a batch and project, written in the
-- transaction that stores the runs, deleted in the one that indexes them. A search looks at these
-- runs themselves, so it misses nothing. parts: 1 = input, 2 = output, 4 = error changed.
CREATE TABLE search_queue (
  project_id uuid NOT NULL,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  run_ids    uuid[] NOT NULL,
  starts     timestamptz[] NOT NULL,
  parts      smallint[] NOT NULL,
  runs       integer NOT NULL,
  queued_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, id)
);

-- A part of the index that never changes; several small ones become a large one.
CREATE TABLE search_segment (
  project_id uuid NOT NULL,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  runs       integer NOT NULL,
  last_start timestamptz NOT NULL,
  PRIMARY KEY (project_id, id)
);

-- The runs of a segment, numbered from 0: 64 a row.
CREATE TABLE search_run (
  project_id uuid NOT NULL,
  segment    bigint NOT NULL,
  piece      integer NOT NULL,
  run_ids    uuid[] NOT NULL,
  starts     timestamptz[] NOT NULL,
  PRIMARY KEY (project_id, segment, piece),
  FOREIGN KEY (project_id, segment) REFERENCES search_segment ON DELETE CASCADE
);
ALTER TABLE search_run ALTER run_ids SET STORAGE PLAIN, ALTER starts SET STORAGE MAIN;

-- Some neighbouring words of a segment between line breaks, and for each the numbers of the runs
-- that it is in; or a page of the directory of such pages (see WordPage).
CREATE TABLE search_word (
  project_id uuid NOT NULL,
  segment    bigint NOT NULL,
  page       integer NOT NULL,
  first      text COLLATE "C" NOT NULL,
  words      text COLLATE "C" NOT NULL,
  runs       bytea NOT NULL,
  PRIMARY KEY (project_id, segment, page),
  FOREIGN KEY (project_id, segment) REFERENCES search_segment ON DELETE CASCADE
);
CREATE UNIQUE INDEX search_word_first ON search_word (project_id, segment, first);
-- words are scanned, so they stay in the row; what is packed already is not packed again
ALTER TABLE search_word ALTER words SET STORAGE PLAIN, ALTER runs SET STORAGE EXTERNAL;

-- Runs that are gone and whose words must go too; done by the indexer within seconds.
CREATE TABLE search_forgotten (
  project_id uuid NOT NULL,
  run_id     uuid NOT NULL,
  PRIMARY KEY (project_id, run_id)
);

-- Has every word that only these runs had removed from the index. Call it in the transaction that
-- deletes the runs or empties their texts; a search never shows a run that is gone anyway.
CREATE FUNCTION search_forget(project uuid, ids uuid[]) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO search_forgotten (project_id, run_id)
  SELECT project, id FROM unnest(ids) AS id
      ON CONFLICT DO NOTHING
$$;

-- What was stored before there was an index.
INSERT INTO search_queue (project_id, run_ids, starts, parts, runs)
SELECT project_id, array_agg(id), array_agg(created_at), array_agg(7::smallint), count(*)
  FROM (SELECT project_id, id, created_at,
               (row_number() OVER (PARTITION BY project_id ORDER BY created_at, id) - 1) / 4096
                 AS piece
          FROM run) numbered
 GROUP BY project_id, piece
 ORDER BY project_id, piece;
