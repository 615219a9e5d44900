package dev.perilune.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports on 127.0.0.1. */
final class LoopbackPort {

  private LoopbackPort() {}

  /**
   * The port to listen on: {@code wanted} itself, or a free one for 0.
   *
   * @throws PortInUse when something listens on the wanted port
   */
  static int choose(int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(wanted != 0);
      socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PortInUse(wanted, e);
    }
  }

  /** A free port that differs from one which is chosen but not bound yet. */
  static int chooseOtherThan(int taken) {
    int port = choose(0);
    return port == taken ? chooseOtherThan(taken) : port;
  }
}
