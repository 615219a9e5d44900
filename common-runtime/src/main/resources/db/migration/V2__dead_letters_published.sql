-- Whether the topic of dead letters has it too. The row comes first, in the transaction that moves
-- past the record; publishing follows, so a crash between the two is made good later.
ALTER TABLE dead_letter ADD COLUMN published boolean NOT NULL DEFAULT false;
CREATE INDEX dead_letter_unpublished ON dead_letter (id) WHERE NOT published;
