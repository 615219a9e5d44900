-- Feedback is rare and asked for: whose child has some is found without reading every run. An end
-- event changes neither what the index holds nor its condition.
CREATE INDEX run_feedback ON run (project_id, parent_run_id, id) WHERE feedback IS NOT NULL;
