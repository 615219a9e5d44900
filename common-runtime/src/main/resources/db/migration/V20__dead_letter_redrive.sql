-- How far a partition was ever stored: what a receipt asks for stays visible while a replay sets
-- next_offset back.
ALTER TABLE consumer_offset ADD COLUMN reached bigint NOT NULL DEFAULT 0;
UPDATE consumer_offset SET reached = next_offset;

-- When somebody asked for a letter to be processed again; null once that has been tried. The
-- processor that holds the source partition tries it, and deletes it when it can be stored now.
ALTER TABLE dead_letter ADD COLUMN redrive_requested_at timestamptz;
ALTER TABLE dead_letter ADD COLUMN redrives integer NOT NULL DEFAULT 0;
CREATE INDEX dead_letter_to_redrive ON dead_letter (source_topic, source_partition, id)
  WHERE redrive_requested_at IS NOT NULL;
