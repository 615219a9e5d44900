-- Work that takes longer than a request. Of each type an organisation has at most one that is not
-- over. A worker holds a job by its lease and says so again with every step; what it has done and
-- where it goes on (state) is written in the transaction of the step, so that another worker
-- continues exactly there. Deleting a running job ends it at its next step.
CREATE TABLE job (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  org_id      uuid NOT NULL REFERENCES org ON DELETE CASCADE,
  type        text NOT NULL,
  status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'done', 'failed')),
  progress    double precision NOT NULL DEFAULT 0,
  error       text,
  payload     json,
  state       text,
  lease_owner uuid,
  lease_until timestamptz,
  attempts    integer NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz
);
CREATE UNIQUE INDEX job_open ON job (org_id, type) WHERE status IN ('pending', 'running');
CREATE INDEX job_of_org ON job (org_id, type, created_at DESC);
CREATE INDEX job_to_do ON job (created_at) WHERE status IN ('pending', 'running');
