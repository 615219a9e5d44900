package dev.perilune.model;

/** How far a run has come. Threads, exchanges and custom events have no status. */
public enum RunStatus {
  STARTED("started"),
  SUCCESS("success"),
  ERROR("error");

  private final String wireName;

  RunStatus(String wireName) {
    this.wireName = wireName;
  }

  /** The name that clients and the database know it by. */
  public String wireName() {
    return wireName;
  }
}
