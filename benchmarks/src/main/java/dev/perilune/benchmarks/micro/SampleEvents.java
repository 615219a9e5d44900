package dev.perilune.benchmarks.micro;

import dev.perilune.benchmarks.bench.EventBodies;
import dev.perilune.model.ProjectId;
import dev.perilune.model.wire.EventEnvelope;
import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Events for small benchmarks, the same ones that the load sends. */
public final class SampleEvents {
  static final ProjectId PROJECT = new ProjectId(new UUID(1, 2));
  private static final long RECEIVED_AT_MICROS = 1_790_000_000_000_000L;

  private SampleEvents() {}

  /** A request of that many events: starts, each followed by its end. */
  public static byte[] body(int events) {
    return new EventBodies(1, events).next().getBytes();
  }

  /** The Kafka values of one run: start, then end. */
  public static List<byte[]> records(EventReader reader) throws RefusedBody {
    List<byte[]> records = new ArrayList<>();
    for (IncomingEvent event : reader.read(body(2))) {
      records.add(
          EventEnvelope.encode(
              PROJECT,
              RECEIVED_AT_MICROS,
              records.size(),
              List.of(),
              List.of(),
              event.json(),
              event.from(),
              event.length()));
    }
    return records;
  }
}
