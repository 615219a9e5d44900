-- What people and programs did to an organisation's data, only ever added to. Names are copied, so
-- that they survive what they name; user_id is all zeros for somebody with a key and no account.
CREATE TABLE audit_log (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  org_id        uuid NOT NULL REFERENCES org ON DELETE CASCADE,
  resource_type text NOT NULL,
  resource_id   text,
  action        text NOT NULL,
  user_id       uuid NOT NULL,
  user_name     text,
  user_email    text,
  project_id    uuid,
  project_name  text,
  ip_address    text,
  user_agent    text
);
CREATE INDEX audit_log_newest ON audit_log (org_id, created_at DESC, id DESC);
