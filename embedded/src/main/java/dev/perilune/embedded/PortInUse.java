package dev.perilune.embedded;

/** A wanted port of the loopback address on which something else listens already. */
public final class PortInUse extends EmbeddedFailure {
  private final int port;

  PortInUse(int port, Throwable cause) {
    super("Port " + port + " on 127.0.0.1 is in use by another program.", cause);
    this.port = port;
  }

  /** The port that was wanted. */
  public int port() {
    return port;
  }
}
