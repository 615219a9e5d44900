-- A project has at most one home dashboard. owner_id is the account that made a dashboard; null = an
-- API key, or nobody: the default dashboard.
CREATE TABLE dashboard (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id  uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name        text NOT NULL,
  description text,
  checks      json NOT NULL DEFAULT '["AND"]',
  start_date  timestamptz,
  end_date    timestamptz,
  granularity text CHECK (granularity IN ('hourly', 'daily', 'weekly', 'monthly')),
  is_home     boolean NOT NULL DEFAULT false,
  owner_id    uuid,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX dashboard_home ON dashboard (project_id) WHERE is_home;
CREATE INDEX dashboard_project ON dashboard (project_id, name);

CREATE TABLE custom_chart (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id          uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name                text NOT NULL,
  description         text,
  type                text NOT NULL,
  data_key            text NOT NULL,
  aggregation_method  text,
  primary_dimension   text,
  secondary_dimension text,
  color               text,
  checks              json,
  start_date          timestamptz,
  end_date            timestamptz,
  granularity         text CHECK (granularity IN ('hourly', 'daily', 'weekly', 'monthly')),
  is_custom           boolean GENERATED ALWAYS AS (true) STORED,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX custom_chart_project ON custom_chart (project_id, created_at DESC, id);

-- A chart on a dashboard. span is its width in twelfths of the dashboard; null = the client's choice.
CREATE TABLE chart (
  id                  uuid PRIMARY KEY,
  project_id          uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  dashboard_id        uuid NOT NULL REFERENCES dashboard ON DELETE CASCADE,
  sort_order          integer NOT NULL,
  name                text NOT NULL,
  description         text,
  type                text NOT NULL,
  data_key            text NOT NULL,
  aggregation_method  text,
  primary_dimension   text,
  secondary_dimension text,
  is_custom           boolean NOT NULL DEFAULT false,
  color               text,
  custom_chart_id     uuid REFERENCES custom_chart ON DELETE CASCADE,
  checks              json,
  start_date          timestamptz,
  end_date            timestamptz,
  granularity         text CHECK (granularity IN ('hourly', 'daily', 'weekly', 'monthly')),
  span                integer,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chart_dashboard ON chart (dashboard_id, sort_order);
CREATE INDEX chart_project ON chart (project_id);
CREATE INDEX chart_of_custom ON chart (custom_chart_id) WHERE custom_chart_id IS NOT NULL;
