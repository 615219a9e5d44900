-- Which first-level keys the metadata of a project's runs has, by type: offered to people who make a
-- filter. The processor adds to it in the transaction that stores the runs; keys are never removed.
CREATE TABLE metadata_key (
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  type       text NOT NULL,
  key        text NOT NULL,
  PRIMARY KEY (project_id, type, key)
);

INSERT INTO metadata_key (project_id, type, key)
SELECT DISTINCT r.project_id, r.type, k.key
  FROM run r
  JOIN project p ON p.id = r.project_id
 CROSS JOIN LATERAL jsonb_object_keys(CASE jsonb_typeof(r.metadata) WHEN 'object' THEN r.metadata END) AS k (key)
 WHERE r.metadata IS NOT NULL AND octet_length(k.key) <= 200;
