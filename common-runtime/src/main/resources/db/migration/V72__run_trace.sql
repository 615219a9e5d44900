-- The OpenTelemetry trace of the span that a run is. Span ids are unique in their trace only, and run
-- ids come of span ids alone: a second trace that uses one gets another run (see SpanStep). Rows from
-- before this note it in their metadata.
ALTER TABLE run ADD COLUMN trace_id uuid;
