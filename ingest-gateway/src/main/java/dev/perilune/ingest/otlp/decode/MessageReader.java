package dev.perilune.ingest.otlp.decode;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads messages field by field, without objects in between. Fields that are not ours are skipped,
 * and so are ours in a form that they don't have.
 */
final class MessageReader {
  private static final HexFormat HEX = HexFormat.of();

  private final CodedInputStream in;
  private final AttributeValues values;
  private int tag;

  MessageReader(CodedInputStream in) {
    this.in = in;
    this.values = new AttributeValues(this);
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws IOException {
    tag = in.readTag();
    return tag != 0;
  }

  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  boolean isMessage(int field) {
    return field() == field && isDelimited();
  }

  boolean isDelimited() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private boolean isFixed64() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED64;
  }

  private boolean isNumber() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
  }

  void skip() throws IOException {
    in.skipField(tag);
  }

  int length() throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || in.getBytesUntilLimit() >= 0 && length > in.getBytesUntilLimit()) {
      throw new InvalidProtocolBufferException("a field is longer than its message");
    }
    return length;
  }

  int position() {
    return in.getTotalBytesRead();
  }

  void skipBytes(int length) throws IOException {
    in.skipRawBytes(length);
  }

  /** Enters the message under the cursor; returns what {@link #leave} wants. */
  int enter() throws IOException {
    return in.pushLimit(in.readRawVarint32());
  }

  void leave(int limit) throws IOException {
    in.checkLastTagWas(0);
    in.popLimit(limit);
  }

  String text() throws IOException {
    if (isDelimited()) {
      return in.readString();
    }
    skip();
    return "";
  }

  byte[] bytes() throws IOException {
    return in.readByteArray();
  }

  long number() throws IOException {
    if (isNumber()) {
      return in.readInt64();
    }
    skip();
    return 0;
  }

  long fixed64() throws IOException {
    if (isFixed64()) {
      return in.readFixed64();
    }
    skip();
    return 0;
  }

  private String id() throws IOException {
    if (isDelimited()) {
      return HEX.formatHex(in.readByteArray());
    }
    skip();
    return "";
  }

  /** All fields of this number as attributes, to the end of the message. */
  Map<String, Object> attributes(int field) throws IOException {
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (next()) {
      if (isMessage(field)) {
        values.addPair(attributes);
      } else {
        skip();
      }
    }
    return attributes;
  }

  void scope(Source source) throws IOException {
    String name = "";
    String version = "";
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (next()) {
      switch (field()) {
        case 1 -> name = text();
        case 2 -> version = text();
        case 3 -> values.addPair(attributes);
        default -> skip();
      }
    }
    source.scope(name, version, attributes);
  }

  SpanData span(Source source) throws IOException {
    String traceId = "";
    String spanId = "";
    String parentId = "";
    String name = "";
    int kind = 0;
    long start = 0;
    long end = 0;
    long dropped = 0;
    Map<String, Object> attributes = new LinkedHashMap<>();
    List<SpanEvent> events = new ArrayList<>(0);
    SpanStatus status = SpanStatus.UNSET;
    while (next()) {
      switch (field()) {
        case 1 -> traceId = id();
        case 2 -> spanId = id();
        case 4 -> parentId = id();
        case 5 -> name = text();
        case 6 -> kind = (int) number();
        case 7 -> start = fixed64();
        case 8 -> end = fixed64();
        case 9 -> values.addPair(attributes);
        case 10 -> dropped = number();
        case 11 -> addEvent(events);
        case 15 -> status = status();
        default -> skip();
      }
    }
    return new SpanData(
        source,
        traceId,
        spanId,
        parentId,
        name,
        kind,
        start,
        end,
        attributes,
        dropped,
        events,
        status.code(),
        status.message());
  }

  private record SpanStatus(int code, String message) {
    static final SpanStatus UNSET = new SpanStatus(0, "");
  }

  private SpanStatus status() throws IOException {
    if (!isDelimited()) {
      skip();
      return SpanStatus.UNSET;
    }
    int limit = enter();
    String message = "";
    int code = 0;
    while (next()) {
      switch (field()) {
        case 2 -> message = text();
        case 3 -> code = (int) number();
        default -> skip();
      }
    }
    leave(limit);
    return new SpanStatus(code, message);
  }

  private void addEvent(List<SpanEvent> events) throws IOException {
    if (!isDelimited()) {
      skip();
      return;
    }
    int limit = enter();
    long time = 0;
    String name = "";
    Map<String, Object> attributes = new LinkedHashMap<>(8);
    while (next()) {
      switch (field()) {
        case 1 -> time = fixed64();
        case 2 -> name = text();
        case 3 -> values.addPair(attributes);
        default -> skip();
      }
    }
    leave(limit);
    values.count();
    events.add(new SpanEvent(time, name, attributes));
  }

  LogData log(Source source) throws IOException {
    long time = 0;
    long seen = 0;
    String traceId = "";
    String spanId = "";
    String eventName = "";
    Object body = null;
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (next()) {
      switch (field()) {
        case 1 -> time = fixed64();
        case 5 -> body = values.nested();
        case 6 -> values.addPair(attributes);
        case 9 -> traceId = id();
        case 10 -> spanId = id();
        case 11 -> seen = fixed64();
        case 12 -> eventName = text();
        default -> skip();
      }
    }
    return new LogData(
        source, traceId, spanId, time != 0 ? time : seen, eventName, body, attributes);
  }

  boolean readBoolean() throws IOException {
    return number() != 0;
  }

  double readDouble() throws IOException {
    return Double.longBitsToDouble(fixed64());
  }
}
