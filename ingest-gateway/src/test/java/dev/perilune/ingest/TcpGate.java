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

  private final NetClient client;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final NetServer server;

  TcpGate(Vertx vertx, String host, int port) {
    this.client = vertx.createNetClient();
    this.server =
        await(
            vertx
                .createNetServer()
                .connectHandler(incoming -> connect(incoming, host, port))
                .listen(0, "127.0.0.1"));
  }

  private void connect(NetSocket incoming, String host, int port) {
    incoming.pause();
    open.add(incoming);
    client
        .connect(port, host)
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
    open.forEach(NetSocket::close);
    await(client.close());
  }
}
