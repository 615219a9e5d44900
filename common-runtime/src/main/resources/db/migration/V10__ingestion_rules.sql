-- What a project does not want stored. At most one rule of each type:
--   filtering  filters is filter logic; events that it matches are stored without input and output
--   masking    filters null = a display rule; {"mode":"ingestion","types":["email", ...]} = texts are
--              masked before they are stored (no types = all that there are)
CREATE TABLE ingestion_rule (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  type       text NOT NULL CHECK (type IN ('filtering', 'masking')),
  filters    jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, type)
);
