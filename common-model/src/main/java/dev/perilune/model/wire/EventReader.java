package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.perilune.model.wire.RefusedBody.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the events out of a request body in one pass, without building trees.
 *
 * <p>While it walks, it writes each event's normalised form: keys in camel case at every depth,
 * null fields of the event itself left out, NaN and infinities as null, texts free of NUL and
 * unpaired surrogates, and no values of HTTP headers that some SDKs put into {@code params}. An
 * event that can't be taken is marked and leaves its neighbours alone.
 *
 * <p>Keep one for each thread; it remembers key names.
 */
public final class EventReader {
  /** How deep an event's objects and lists may nest. */
  public static final int MAX_DEPTH = 500;

  private final int maxEvents;
  private final KeyNames names = new KeyNames();

  /** Takes the largest number of events that one body may hold. */
  public EventReader(int maxEvents) {
    this.maxEvents = maxEvents;
  }

  /**
   * Reads a body: {@code {"events": [...]}}, {@code {"events": {...}}} or a bare list. Lists within
   * the list are flattened.
   */
  public List<IncomingEvent> read(byte[] body) throws RefusedBody {
    return read(body, false);
  }

  /** Reads what a body may be, or one event by itself, which has no field {@code events}. */
  public List<IncomingEvent> readRecord(byte[] value) throws RefusedBody {
    try {
      return read(value, false);
    } catch (RefusedBody refused) {
      if (refused.reason() != Reason.NO_EVENTS) {
        throw refused;
      }
      List<IncomingEvent> one = read(value, true);
      if (!one.get(0).tellsItsKind()) {
        throw refused;
      }
      return one;
    }
  }

  private List<IncomingEvent> read(byte[] body, boolean oneEvent) throws RefusedBody {
    try {
      return walk(body, oneEvent);
    } catch (StreamConstraintsException e) {
      throw new RefusedBody(
          Reason.BROKEN, "The JSON nests deeper than %d levels".formatted(Json.MAX_DOCUMENT_DEPTH));
    } catch (JsonParseException e) {
      return readRepaired(body, oneEvent, e);
    } catch (IOException e) {
      throw new RefusedBody(Reason.BROKEN, "The body ends in the middle of its JSON");
    }
  }

  /** Bytes that are not UTF-8 become U+FFFD, as in the reference; any other fault is final. */
  private List<IncomingEvent> readRepaired(byte[] body, boolean oneEvent, JsonParseException fault)
      throws RefusedBody {
    if (isUtf8(body)) {
      throw broken(fault);
    }
    try {
      return walk(
          new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), oneEvent);
    } catch (JsonParseException e) {
      throw broken(e);
    } catch (IOException e) {
      throw new RefusedBody(Reason.BROKEN, "The body ends in the middle of its JSON");
    }
  }

  /** The parser's own text, without its remarks on where the text came from. */
  private static RefusedBody broken(JsonParseException fault) {
    long at = fault.getLocation() == null ? 0 : fault.getLocation().getByteOffset();
    String text = fault.getOriginalMessage();
    int remark = text.indexOf(" (start marker");
    String shown = text.substring(0, Math.min(200, remark < 0 ? text.length() : remark));
    return new RefusedBody(Reason.BROKEN, "%s at byte %d".formatted(shown, at));
  }

  private static boolean isUtf8(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private List<IncomingEvent> walk(byte[] body, boolean oneEvent) throws IOException, RefusedBody {
    try (JsonParser in = Json.FACTORY.createParser(body)) {
      Walk walk = new Walk(in, body);
      JsonToken first = in.nextToken();
      boolean found;
      if (first == JsonToken.START_ARRAY) {
        walk.list();
        found = true;
      } else if (first == JsonToken.START_OBJECT) {
        found = oneEvent ? walk.oneEvent() : walk.payload();
      } else if (first == null) {
        found = false;
      } else {
        throw new RefusedBody(Reason.SCALAR, "invalid JSON, only supports object and array");
      }
      if (in.nextToken() != null) {
        throw new JsonParseException(in, "Unexpected content after the end of the JSON");
      }
      if (!found) {
        throw new RefusedBody(Reason.NO_EVENTS, "Missing events payload.");
      }
      return walk.events;
    }
  }

  /** One pass over one body. */
  private final class Walk {
    private final JsonParser in;
    private final byte[] body;
    private final WireBuffer bytes;
    private final List<IncomingEvent> events = new ArrayList<>();
    private JsonGenerator out;

    Walk(JsonParser in, byte[] body) throws IOException {
      this.in = in;
      this.body = body;
      this.bytes = new WireBuffer(body.length + body.length / 16 + 64);
      this.out = generator();
    }

    private JsonGenerator generator() throws IOException {
      return Json.FACTORY.createGenerator(bytes).setRootValueSeparator(null);
    }

    boolean oneEvent() throws IOException, RefusedBody {
      element();
      return true;
    }

    boolean payload() throws IOException, RefusedBody {
      boolean found = false;
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean isEvents = in.currentName().equals("events");
        JsonToken value = in.nextToken();
        if (!isEvents) {
          in.skipChildren();
          continue;
        }
        events.clear();
        found = isTruthy(value);
        if (value == JsonToken.START_ARRAY) {
          list();
        } else if (found) {
          element();
        }
      }
      return found;
    }

    private boolean isTruthy(JsonToken value) throws IOException {
      return switch (value) {
        case VALUE_NULL, VALUE_FALSE -> false;
        case VALUE_STRING -> in.getTextLength() > 0;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDoubleValue() != 0;
        default -> true;
      };
    }

    void list() throws IOException, RefusedBody {
      int depth = 1;
      while (depth > 0) {
        JsonToken token = in.nextToken();
        if (token == JsonToken.START_ARRAY) {
          depth++;
        } else if (token == JsonToken.END_ARRAY) {
          depth--;
        } else if (token == null) {
          throw new JsonParseException(in, "Unexpected end of the JSON");
        } else {
          element();
        }
      }
    }

    private void element() throws IOException, RefusedBody {
      if (events.size() == maxEvents) {
        throw new RefusedBody(
            Reason.TOO_MANY, "A request may hold at most %d events".formatted(maxEvents));
      }
      int sentFrom = offset(in.currentTokenLocation());
      if (in.currentToken() != JsonToken.START_OBJECT) {
        in.finishToken();
        String why = "An event must be a JSON object";
        events.add(
            IncomingEvent.refused(events.size(), why, body, sentFrom, sentTo() - sentFrom, null));
        return;
      }
      int from = bytes.size();
      EventCopy copy = new EventCopy(in, body, out, names);
      if (copy.run()) {
        out.flush();
        events.add(copy.event(events.size(), bytes.array(), from, bytes.size() - from));
      } else {
        out = generator();
        bytes.truncate(from);
        events.add(copy.refused(events.size(), body, sentFrom, sentTo() - sentFrom));
      }
    }

    private int sentTo() {
      return offset(in.currentLocation());
    }

    /** Encodings other than UTF-8 tell no offsets; what was sent is not kept then. */
    private int offset(JsonLocation location) {
      return (int) Math.max(0, Math.min(location.getByteOffset(), body.length));
    }
  }
}
