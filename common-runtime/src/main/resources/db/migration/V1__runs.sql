-- Organisations, projects, keys, runs and what belongs to them.
-- The project is part of every key; nothing is looked up without it.

CREATE TABLE org (
  id         uuid PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE project (
  id                  uuid PRIMARY KEY,
  org_id              uuid NOT NULL REFERENCES org ON DELETE CASCADE,
  name                text NOT NULL,
  data_retention_days integer,
  created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX project_org ON project (org_id);

-- Keys are kept as SHA-256 of their lower-case text: 122 random bits need no salt. The hint
-- (last four characters) lets people tell keys apart.
CREATE TABLE api_key (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  key_hash   bytea NOT NULL UNIQUE,
  hint       text NOT NULL,
  type       text NOT NULL CHECK (type IN ('public', 'private', 'org_private')),
  org_id     uuid NOT NULL REFERENCES org ON DELETE CASCADE,
  project_id uuid REFERENCES project ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((type = 'org_private') = (project_id IS NULL))
);
CREATE UNIQUE INDEX api_key_org_private ON api_key (org_id) WHERE type = 'org_private';

-- props_at and props_tie order the reports of a user's properties: the latest report wins.
CREATE TABLE external_user (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  project_id  uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  external_id text NOT NULL,
  created_at  timestamptz NOT NULL,
  last_seen   timestamptz NOT NULL,
  props       jsonb,
  props_at    bigint,
  props_tie   bigint,
  PRIMARY KEY (project_id, id),
  UNIQUE (project_id, external_id)
);

CREATE TABLE template (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  slug       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX template_project ON template (project_id);

CREATE TABLE template_version (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id  uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  template_id integer NOT NULL REFERENCES template ON DELETE CASCADE,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX template_version_template ON template_version (template_id);

-- Prices in USD per million units; org_id null = shipped with the product.
CREATE TABLE model_mapping (
  id                           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id                       uuid REFERENCES org ON DELETE CASCADE,
  name                         text NOT NULL,
  pattern                      text NOT NULL,
  unit                         text NOT NULL CHECK (unit IN ('TOKENS', 'CHARACTERS', 'MILLISECONDS', 'IMAGES')),
  input_cost                   numeric CHECK (input_cost >= 0),
  output_cost                  numeric CHECK (output_cost >= 0),
  input_caching_cost_reduction numeric NOT NULL DEFAULT 0 CHECK (input_caching_cost_reduction >= 0),
  tokenizer                    text NOT NULL DEFAULT '',
  provider                     text,
  start_date                   timestamptz NOT NULL DEFAULT '2020-01-01Z',
  created_at                   timestamptz NOT NULL DEFAULT now(),
  updated_at                   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX model_mapping_org ON model_mapping (org_id);

-- One row a run, narrow: what lists, filters and charts read. created_at is the start of the run
-- (of its end, while only that is known: started = false). No index holds a column that an end
-- event changes, so that completing a run rewrites no index entry.
--   parent_run_id  as declared; may name a run that is not there yet or an alias (run_alias)
--   parent_type    type of that parent, once it is there
--   own_user_id    user that the run's own events name
--   external_user_id  the user it counts for: its parent's, else its own
--   counted        which token counts were counted here: 1 = prompt, 2 = completion
--   price_id       the model_mapping that gave the cost
CREATE TABLE run (
  project_id           uuid NOT NULL,
  id                   uuid NOT NULL,
  created_at           timestamptz NOT NULL,
  ended_at             timestamptz,
  type                 text NOT NULL,
  name                 text,
  status               text,
  parent_run_id        uuid,
  parent_type          text,
  sibling_run_id       uuid,
  external_user_id     bigint,
  own_user_id          bigint,
  template_version_id  integer,
  prompt_tokens        integer,
  completion_tokens    integer,
  cached_prompt_tokens integer NOT NULL DEFAULT 0,
  counted              smallint NOT NULL DEFAULT 0,
  cost                 numeric,
  price_id             uuid,
  tags                 text[],
  metadata             jsonb,
  feedback             jsonb,
  runtime              text,
  started              boolean NOT NULL DEFAULT true,
  is_public            boolean NOT NULL DEFAULT false,
  is_deleted           boolean NOT NULL DEFAULT false,
  PRIMARY KEY (project_id, id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX run_by_start ON run (project_id, created_at, id);
CREATE INDEX run_by_type ON run (project_id, type, created_at, id);
CREATE INDEX run_by_parent ON run (project_id, parent_run_id) WHERE parent_run_id IS NOT NULL;

-- The wide part of a run: JSON texts as they came. fold holds the stamps that decide which of two
-- events wins (see RunFold); it is read by the processor only.
CREATE TABLE run_payload (
  project_id uuid NOT NULL,
  run_id     uuid NOT NULL,
  created_at timestamptz NOT NULL,
  input      text,
  output     text,
  error      text,
  params     text,
  fold       text,
  PRIMARY KEY (project_id, run_id, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE run_other PARTITION OF run DEFAULT;
CREATE TABLE run_payload_other PARTITION OF run_payload DEFAULT;

-- Makes the weekly partitions (Monday to Monday, UTC) that cover [from_time, to_time). Rows of such a
-- week that had to wait in the default partition move over.
CREATE FUNCTION make_run_partitions(from_time timestamptz, to_time timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  week   timestamptz := date_trunc('week', from_time, 'UTC');
  parent text;
  child  text;
  made   integer := 0;
BEGIN
  WHILE week < to_time LOOP
    FOREACH parent IN ARRAY ARRAY['run', 'run_payload'] LOOP
      child := parent || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 85)', child, parent);
        EXECUTE format('WITH moved AS (DELETE FROM %I WHERE created_at >= %L AND created_at < %L RETURNING *)
                        INSERT INTO %I SELECT * FROM moved',
                       parent || '_other', week, week + interval '7 days', child);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       parent, child, week, week + interval '7 days');
        made := made + 1;
      END IF;
    END LOOP;
    week := week + interval '7 days';
  END LOOP;
  RETURN made;
END $$;

-- Where a run's row is when its start time does not tell: its start is unknown or far from the
-- time it was received at.
CREATE TABLE run_stray (
  project_id uuid NOT NULL,
  id         uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, id)
);

-- Runs whose declared parent was not there when they were written. A parent that comes later looks
-- here itself; one that came in a transaction beside the child's may have missed it. So a child is
-- looked at once more when every transaction that could have missed it has ended: xid is 0 until
-- somebody sees the row, then the number of that transaction.
CREATE TABLE run_orphan (
  project_id       uuid NOT NULL,
  parent_id        uuid NOT NULL,
  child_id         uuid NOT NULL,
  child_created_at timestamptz NOT NULL,
  settled          boolean NOT NULL DEFAULT false,
  xid              xid8 NOT NULL DEFAULT '0',
  PRIMARY KEY (project_id, parent_id, child_id)
);
CREATE INDEX run_orphan_unsettled ON run_orphan (xid) WHERE NOT settled;

-- Other ids of a run (every message id of an exchange, ids that other SDKs derive for the same
-- text), and feedback for ids that no run has: both sides write the same row, so neither misses
-- the other.
CREATE TABLE run_alias (
  project_id     uuid NOT NULL,
  id             uuid NOT NULL,
  run_id         uuid,
  run_created_at timestamptz,
  feedback       text,
  PRIMARY KEY (project_id, id)
);
CREATE INDEX run_alias_of ON run_alias (project_id, run_id) WHERE run_id IS NOT NULL;

-- Everything that was said in a conversation, in event time; exchanges (runs of type chat) are
-- folded from it. run_id is the exchange that a message is part of; opens marks the messages that
-- begin one whatever was said before, so that a fold need not look further back.
CREATE TABLE thread_message (
  project_id  uuid NOT NULL,
  thread_id   uuid NOT NULL,
  at_micros   bigint NOT NULL,
  position    integer NOT NULL,
  tie         bigint NOT NULL,
  message_id  uuid NOT NULL,
  aliases     uuid[],
  kind        text NOT NULL CHECK (kind IN ('chat', 'custom-event')),
  name        text,
  role        text,
  retry       boolean NOT NULL DEFAULT false,
  message     text,
  tags        text[],
  metadata    jsonb,
  user_id     bigint,
  runtime     text,
  run_id      uuid,
  opens       boolean NOT NULL DEFAULT false,
  PRIMARY KEY (project_id, thread_id, message_id, tie)
);
CREATE INDEX thread_message_in_time ON thread_message (project_id, thread_id, at_micros, position, tie);

CREATE TABLE log_line (
  project_id    uuid NOT NULL,
  at            timestamptz NOT NULL,
  tie           bigint NOT NULL,
  run_id        uuid,
  parent_run_id uuid,
  level         text NOT NULL,
  message       text,
  extra         text,
  PRIMARY KEY (project_id, at, tie)
);

CREATE TABLE run_score (
  project_id uuid NOT NULL,
  run_id     uuid NOT NULL,
  label      text NOT NULL,
  value      jsonb NOT NULL,
  comment    text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, run_id, label)
);

-- The next offset to read of each partition: written in the transaction that stores the records
-- before it. owner fences a processor that lost the partition and does not know yet.
CREATE TABLE consumer_offset (
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  next_offset    bigint NOT NULL,
  owner          uuid NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer_group, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE dead_letter (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id       uuid,
  source_topic     text NOT NULL,
  source_partition integer NOT NULL,
  source_offset    bigint NOT NULL,
  position         integer NOT NULL DEFAULT 0,
  reason           text NOT NULL,
  record           bytea NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source_topic, source_partition, source_offset, position)
);
CREATE INDEX dead_letter_project ON dead_letter (project_id, id);

SELECT make_run_partitions(now() - interval '8 weeks', now() + interval '4 weeks');
