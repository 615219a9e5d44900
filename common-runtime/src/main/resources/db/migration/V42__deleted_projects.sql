-- A project that was deleted is nobody's from that moment on: its keys open nothing and its events
-- are refused. Processors delete what belongs to it in batches, and this row last.
ALTER TABLE project ADD COLUMN deleted_at timestamptz;
CREATE INDEX project_deleted ON project (deleted_at) WHERE deleted_at IS NOT NULL;
