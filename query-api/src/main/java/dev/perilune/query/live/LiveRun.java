package dev.perilune.query.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.perilune.query.filter.RunFacts;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A changed run as it came from its topic.
 *
 * @param frame the message as listeners get it
 */
record LiveRun(RunFacts facts, Buffer frame) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int KEY_BYTES = 32;

  /** The project that a record's key names; nothing for a key that is none of ours. */
  static Optional<UUID> project(byte @Nullable [] key) {
    if (key == null || key.length != KEY_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(key);
    return Optional.of(new UUID(bytes.getLong(), bytes.getLong()));
  }

  /** Reads a record's value; nothing if it is no run. */
  static Optional<LiveRun> parse(byte @Nullable [] value) {
    if (value == null) {
      return Optional.empty();
    }
    try (JsonParser in = FACTORY.createParser(value)) {
      return new LiveFacts(in).read().map(facts -> new LiveRun(facts, frame(value)));
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  private static Buffer frame(byte[] json) {
    return Buffer.buffer("event: run\ndata: ").appendBytes(json).appendString("\n\n");
  }
}
