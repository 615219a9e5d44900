-- Users by when they were first seen, for charts of new users. What changes with each run is not part
-- of it, so counting a run still rewrites no index entry.
CREATE INDEX external_user_first_seen ON external_user (project_id, created_at);
