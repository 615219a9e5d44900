package dev.perilune.query.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.RunIds;
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
    String type = null;
    UUID parent = null;
    String parentType = null;
    try (JsonParser in = FACTORY.createParser(value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "type" -> type = in.getValueAsString();
          case "parentRunId" -> parent = RunIds.parseUuid(in.getValueAsString(""));
          case "parentType" -> parentType = in.getValueAsString();
          default -> in.skipChildren();
        }
      }
    } catch (IOException broken) {
      return Optional.empty();
    }
    return type == null
        ? Optional.empty()
        : Optional.of(new LiveRun(new RunFacts(type, parent, parentType), frame(value)));
  }

  private static Buffer frame(byte[] json) {
    return Buffer.buffer("event: run\ndata: ").appendBytes(json).appendString("\n\n");
  }
}
