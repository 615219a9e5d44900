package dev.perilune.query.live;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Everybody who listens, at most so many. May be used from any thread. */
final class LiveClients {
  private final int most;
  private final Set<LiveClient> clients = new HashSet<>();

  LiveClients(int most) {
    this.most = most;
  }

  /**
   * @throws Problem.Unavailable when so many listen already
   */
  synchronized void add(LiveClient client) {
    requireRoom();
    clients.add(client);
    notifyAll();
  }

  synchronized void requireRoom() {
    if (clients.size() >= most) {
      throw new Problem.Unavailable("Too many clients listen to live runs, at most " + most);
    }
  }

  synchronized void remove(LiveClient client) {
    clients.remove(client);
  }

  synchronized List<LiveClient> all() {
    return List.copyOf(clients);
  }

  synchronized int size() {
    return clients.size();
  }

  /** Waits until somebody listens, or so many milliseconds; tells whether anybody does. */
  synchronized boolean await(long millis) throws InterruptedException {
    if (clients.isEmpty()) {
      wait(millis);
    }
    return !clients.isEmpty();
  }

  /** Hands changed runs to those who want them, in one piece for each client. */
  void tell(Iterable<Map.Entry<UUID, byte[]>> runs) {
    Map<UUID, List<LiveClient>> byProject = new HashMap<>();
    for (LiveClient client : all()) {
      byProject.computeIfAbsent(client.project().value(), p -> new ArrayList<>()).add(client);
    }
    Map<LiveClient, Piece> pieces = new HashMap<>();
    for (Map.Entry<UUID, byte[]> run : runs) {
      List<LiveClient> listening = byProject.getOrDefault(run.getKey(), List.of());
      if (!listening.isEmpty()) {
        LiveRun.parse(run.getValue())
            .ifPresent(
                live ->
                    listening.stream()
                        .filter(client -> client.wants(live.facts()))
                        .forEach(
                            client -> pieces.computeIfAbsent(client, c -> new Piece()).add(live)));
      }
    }
    pieces.forEach((client, piece) -> client.offer(piece.frames, piece.runs));
  }

  private static final class Piece {
    private final Buffer frames = Buffer.buffer();
    private int runs;

    void add(LiveRun run) {
      frames.appendBuffer(run.frame());
      runs++;
    }
  }
}
