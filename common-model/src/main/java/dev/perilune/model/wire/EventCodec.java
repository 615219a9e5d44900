package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.EventTime;
import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.model.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Reads records of the topic {@link Topics#EVENTS} back into events, in one pass. */
public final class EventCodec {
  private EventCodec() {}

  /** Decodes a record's value; fails if it was not written by {@link EventEnvelope#encode}. */
  public static EventEnvelope decode(byte[] value) throws MalformedEvent {
    try (JsonParser in = Json.FACTORY.createParser(value)) {
      return new Decoding(value, in).envelope();
    } catch (IOException e) {
      throw new MalformedEvent("The record is not JSON: " + e.getMessage());
    }
  }

  private static final class Decoding {
    private final byte[] bytes;
    private final JsonParser in;
    private final JsonSlices slices;
    private int version;
    private UUID project = new UUID(0, 0);
    private long receivedAtMicros = EventTime.NONE;
    private int position;
    private List<UUID> runAliases = List.of();
    private List<UUID> threadAliases = List.of();

    Decoding(byte[] bytes, JsonParser in) {
      this.bytes = bytes;
      this.in = in;
      this.slices = new JsonSlices(bytes, in);
    }

    EventEnvelope envelope() throws IOException, MalformedEvent {
      EventBody event = null;
      long tie = 0;
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedEvent("The record is not a JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken token = in.nextToken();
        if (name.equals("event") && token == JsonToken.START_OBJECT) {
          int from = (int) in.currentTokenLocation().getByteOffset();
          event = EventBody.read(in, slices);
          tie = hash(from, (int) in.currentLocation().getByteOffset());
        } else {
          header(name);
        }
      }
      if (event == null || version != EventEnvelope.VERSION || receivedAtMicros == EventTime.NONE) {
        throw new MalformedEvent(
            "The record needs v = %d, project, receivedAt and event"
                .formatted(EventEnvelope.VERSION));
      }
      long at = event.atMicros == EventTime.NONE ? receivedAtMicros : event.atMicros;
      Stamp stamp = new Stamp(at, position, tie);
      return new EventEnvelope(
          new ProjectId(project),
          receivedAtMicros,
          event.toRunEvent(stamp, runAliases, threadAliases),
          event.span());
    }

    private void header(String name) throws IOException, MalformedEvent {
      switch (name) {
        case "v" -> version = in.getValueAsInt();
        case "project" -> project = uuid();
        case "receivedAt" -> receivedAtMicros = in.getValueAsLong(EventTime.NONE);
        case "position" -> position = in.getValueAsInt();
        case "runAliases" -> runAliases = uuids();
        case "threadAliases" -> threadAliases = uuids();
        default -> in.skipChildren();
      }
    }

    private UUID uuid() throws IOException, MalformedEvent {
      UUID uuid = RunIds.parseUuid(in.getValueAsString());
      if (uuid == null) {
        throw new MalformedEvent("The record holds an id that is no UUID");
      }
      return uuid;
    }

    private List<UUID> uuids() throws IOException, MalformedEvent {
      List<UUID> ids = new ArrayList<>();
      while (in.nextToken() == JsonToken.VALUE_STRING) {
        ids.add(uuid());
      }
      return ids;
    }

    private long hash(int from, int to) {
      CRC32 first = new CRC32();
      first.update(bytes, from, to - from);
      CRC32C second = new CRC32C();
      second.update(bytes, from, to - from);
      return first.getValue() << 32 | second.getValue();
    }
  }
}
