-- The role that dashboards read with: figures and names of projects, nothing that anybody said, no
-- users and no keys. May run again; give it a password afterwards.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'perilune_reader') THEN
    CREATE ROLE perilune_reader LOGIN;
  END IF;
END $$;
ALTER ROLE perilune_reader SET default_transaction_read_only = on;
ALTER ROLE perilune_reader SET statement_timeout = '10s';
GRANT SELECT ON rollup_run, rollup_latency, rollup_label, rollup_version, latency_bucket
   TO perilune_reader;
GRANT SELECT (id, org_id, name) ON project TO perilune_reader;
