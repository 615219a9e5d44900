package dev.perilune.processor.consume;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP connection to somewhere on this host that a test can cut and mend. */
final class CuttableLink implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int BUFFER_BYTES = 1 << 16;

  private final int target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private ServerSocket listening;
  private Thread accepting;

  CuttableLink(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, LOOPBACK);
    this.port = listening.getLocalPort();
    this.accepting = daemon(() -> accept(listening));
  }

  int port() {
    return port;
  }

  /** Breaks every connection and refuses new ones. */
  void cut() throws IOException, InterruptedException {
    listening.close();
    // the port is free once nobody accepts on it
    accepting.join();
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  void mend() throws IOException {
    ServerSocket again = new ServerSocket();
    again.setReuseAddress(true);
    again.bind(new InetSocketAddress(LOOPBACK, port));
    listening = again;
    accepting = daemon(() -> accept(again));
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void accept(ServerSocket mine) {
    try {
      while (true) {
        Socket near = mine.accept();
        sockets.add(near);
        Socket far = new Socket(LOOPBACK, target);
        sockets.add(far);
        daemon(() -> copy(near, far));
        daemon(() -> copy(far, near));
      }
    } catch (IOException cut) {
      // the end of this listener
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer)) >= 0) {
        out.write(buffer, 0, count);
      }
    } catch (IOException cut) {
      // both ends are closed below
    }
    quietly(from);
    quietly(to);
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cuttable-link");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
