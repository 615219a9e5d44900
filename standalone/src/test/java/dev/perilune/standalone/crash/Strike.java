package dev.perilune.standalone.crash;

/** What can befall a running system. */
enum Strike {
  KILL_GATEWAY("gateway killed"),
  KILL_PROCESSOR("processor killed"),
  KILL_QUERY("query API killed"),
  STOP_POSTGRES("Postgres stopped and started"),
  KILL_POSTGRES("Postgres killed and started"),
  STOP_BROKER("broker stopped and started"),
  KILL_BROKER("broker killed and started"),
  REWIND("offsets rewound"),
  ADD_PROCESSORS("processors 1 to 3"),
  REMOVE_PROCESSORS("processors 3 to 1, one by kill");

  private final String words;

  Strike(String words) {
    this.words = words;
  }

  /** Whether a process of ours dies of it. */
  boolean killsService() {
    return switch (this) {
      case KILL_GATEWAY, KILL_PROCESSOR, KILL_QUERY, REMOVE_PROCESSORS -> true;
      case STOP_POSTGRES, KILL_POSTGRES, STOP_BROKER, KILL_BROKER, REWIND, ADD_PROCESSORS -> false;
    };
  }

  @Override
  public String toString() {
    return words;
  }
}
