package dev.perilune.ingest;

import static dev.perilune.ingest.GatewayTester.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a server until it is shut; then that server is away. */
final class TcpGate {

  private final Vertx vertx;
  private final String host;
  private final int targetPort;
  private final NetClient client;
  private final Set<NetSocket> connections = ConcurrentHashMap.newKeySet();
  private NetServer server;

  TcpGate(Vertx vertx, String host, int port) {
    this.vertx = vertx;
    this.host = host;
    this.targetPort = port;
    this.client = vertx.createNetClient();
    open(0);
  }

  /** Lets connections pass, on this port. */
  void open(int port) {
    server = await(vertx.createNetServer().connectHandler(this::connect).listen(port, "127.0.0.1"));
  }

  private void connect(NetSocket incoming) {
    incoming.pause();
    connections.add(incoming);
    client
        .connect(targetPort, host)
        .onSuccess(
            outgoing -> {
              incoming.pipeTo(outgoing);
              outgoing.pipeTo(incoming);
            })
        .onFailure(away -> incoming.close());
  }

  int port() {
    return server.actualPort();
  }

  void shut() {
    await(server.close());
    connections.forEach(NetSocket::close);
    connections.clear();
  }
}
