-- Leader epoch of the last stored record of a partition, null when unknown. A broker that lost the
-- end of its log (a power cut) fills the same offsets again under a higher epoch: only with the epoch
-- can a consumer tell that what stands at an offset now is not what it has stored.
ALTER TABLE consumer_offset ADD COLUMN leader_epoch integer;
