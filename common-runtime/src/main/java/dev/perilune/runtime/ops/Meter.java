package dev.perilune.runtime.ops;

/** Every meter of Perilune: its name, its base unit and what it tells. */
public enum Meter {
  HTTP_REQUESTS("perilune.http.requests", "seconds", "requests by method, route and status"),
  KEY_LOOKUPS("perilune.keys.lookups", "lookups", "key lookups that went to Postgres, by outcome"),
  PG_QUERIES("perilune.pg.queries", "seconds", "time of statements, waiting for a connection too"),
  PG_FAILURES("perilune.pg.failures", "failures", "statements that failed, by kind of failure");

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
