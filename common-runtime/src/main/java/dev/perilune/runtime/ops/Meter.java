package dev.perilune.runtime.ops;

/** Every meter of Perilune: its name, its base unit and what it tells. */
public enum Meter {
  HTTP_REQUESTS("perilune.http.requests", "seconds", "requests by method, route and status"),
  INGEST_ACCEPTED("perilune.ingest.accepted", "events", "events that the broker has"),
  INGEST_REFUSED("perilune.ingest.refused", "events", "events refused one by one, by reason"),
  INGEST_BYTES("perilune.ingest.bytes", "bytes", "request bodies read, after decompression"),
  INGEST_ACK("perilune.ingest.ack", "seconds", "from handing a request's events over to their ack"),
  INGEST_IN_FLIGHT("perilune.ingest.in.flight", "bytes", "request bodies held in memory"),
  INGEST_UNAVAILABLE(
      "perilune.ingest.unavailable", "requests", "requests told to come back, by reason"),
  INGEST_BROKER_UP("perilune.ingest.broker.up", "1", "1 while the broker acknowledges, else 0"),
  DOOR_RECORDS("perilune.ingest.door.records", "records", "records of the Kafka door dealt with"),
  DOOR_REFUSED("perilune.ingest.door.refused", "letters", "records and events refused, by reason"),
  DOOR_LAG("perilune.ingest.door.lag", "records", "not dealt with yet, of the partitions held"),
  DOOR_RETRIES("perilune.ingest.door.retries", "retries", "batches of the door tried again"),
  PG_QUERIES("perilune.pg.queries", "seconds", "time of statements, waiting for a connection too"),
  PG_FAILURES("perilune.pg.failures", "failures", "statements that failed, by kind of failure"),
  PROCESSOR_RECORDS("perilune.processor.records", "records", "records stored or parked"),
  PROCESSOR_BATCHES("perilune.processor.batches", "seconds", "time of batches, fold to commit"),
  PROCESSOR_FIGURES(
      "perilune.processor.figures", "seconds", "part of a batch that goes into users and figures"),
  PROCESSOR_BATCH_SIZE("perilune.processor.batch.size", "records", "records of a batch"),
  PROCESSOR_LAG("perilune.processor.lag", "records", "not stored yet, of the partitions held"),
  PROCESSOR_PARTITIONS("perilune.processor.partitions", "partitions", "partitions held"),
  PROCESSOR_RUNNING(
      "perilune.processor.running", "1", "1 while storing, 0 while starting or paused"),
  PROCESSOR_RETRIES("perilune.processor.retries", "retries", "batches tried again, by cause"),
  PROCESSOR_DEAD_LETTERS("perilune.processor.dead.letters", "records", "parked, by reason"),
  PROCESSOR_RUNS_TOLD("perilune.processor.runs.told", "runs", "changed runs that their topic took"),
  PROCESSOR_RUNS_DROPPED(
      "perilune.processor.runs.dropped", "runs", "changed runs that nobody was told of"),
  LIVE_CLIENTS("perilune.live.clients", "clients", "who listens to changed runs"),
  LIVE_DROPPED("perilune.live.dropped", "runs", "changed runs that a client was too slow for"),
  PROCESSOR_REDRIVEN(
      "perilune.processor.redriven", "records", "dead letters tried again, by outcome");

  private final String id;
  private final String unit;
  private final String meaning;

  Meter(String id, String unit, String meaning) {
    this.id = id;
    this.unit = unit;
    this.meaning = meaning;
  }

  /** Dotted name, as registered; Prometheus shows it with underscores, the unit and a suffix. */
  public String id() {
    return id;
  }

  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }
}
