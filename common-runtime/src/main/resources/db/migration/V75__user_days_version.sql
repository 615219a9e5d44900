-- Moves in the same transaction whenever rows of rollup_user of that project and day change, whoever
-- changes them. sum(version) over slots names a state of the day for caches; no row counts 0. Versions
-- come from the clock, so a row that was deleted and comes back does not repeat one.
CREATE TABLE rollup_user_version (
  project_id uuid NOT NULL,
  day        timestamptz NOT NULL,
  slot       smallint NOT NULL,
  version    bigint NOT NULL,
  PRIMARY KEY (project_id, day, slot)
) WITH (fillfactor = 50);

-- Keys of rollup_user are never updated, so the new rows of an update tell the day too.
CREATE FUNCTION rollup_user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    INSERT INTO rollup_user_version AS t
    SELECT c.project_id, c.day, s.slot, s.clock
      FROM (SELECT DISTINCT project_id, day FROM changed) c,
           (SELECT rollup_slot() AS slot,
                   (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS clock OFFSET 0) s
        ON CONFLICT (project_id, day, slot) DO UPDATE
       SET version = GREATEST(t.version + 1, excluded.version);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER inserted AFTER INSERT ON rollup_user REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rollup_user_changed();
CREATE TRIGGER updated AFTER UPDATE ON rollup_user REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rollup_user_changed();
CREATE TRIGGER deleted AFTER DELETE ON rollup_user REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rollup_user_changed();
