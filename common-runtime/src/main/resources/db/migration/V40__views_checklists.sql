-- Free-form JSON is of type json, not jsonb: it comes back with the keys, their order and the
-- numbers as they were sent. owner_id is the account that made a row; null = an API key.
CREATE TABLE view (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name       text NOT NULL,
  data       json NOT NULL,
  columns    json,
  icon       text,
  type       text NOT NULL DEFAULT 'llm',
  owner_id   uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX view_project ON view (project_id, updated_at DESC, id);

CREATE TABLE checklist (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  slug       text NOT NULL,
  data       json NOT NULL,
  type       text NOT NULL,
  owner_id   uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX checklist_project ON checklist (project_id, updated_at DESC, id);
