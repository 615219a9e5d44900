package dev.perilune.ingest.otlp.decode;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests in binary protobuf. Trace, log and metric requests have the same outer shape, which is
 * walked first; it holds no more than a place for each item. Field numbers are those of
 * https://github.com/open-telemetry/opentelemetry-proto.
 */
public final class ProtobufReader {
  private static final int RESOURCE_ITEMS = 1;
  private static final int RESOURCE = 1;
  private static final int SCOPE_ITEMS = 2;
  private static final int SCOPE = 1;
  private static final int ITEMS = 2;
  private static final int ATTRIBUTES_OF_RESOURCE = 1;

  private record Place(Source source, int from, int length) {}

  /** Reads one item out of its bytes. */
  private interface ItemReader<T> {
    T read(MessageReader message, Source source) throws IOException;
  }

  private final byte[] body;
  private final int maxItems;
  private final List<Place> places = new ArrayList<>();

  private ProtobufReader(byte[] body, int maxItems) {
    this.body = body;
    this.maxItems = maxItems;
  }

  /**
   * The spans of a trace request; an empty body is an empty request.
   *
   * @throws TooMany if there are more than {@code maxItems}
   */
  public static Items<SpanData> spans(byte[] body, int maxItems) throws Undecodable {
    return items(body, maxItems, MessageReader::span);
  }

  /**
   * The records of a log request.
   *
   * @throws TooMany if there are more than {@code maxItems}
   */
  public static Items<LogData> logs(byte[] body, int maxItems) throws Undecodable {
    return items(body, maxItems, MessageReader::log);
  }

  /** Walks over a metrics request, of which nothing is kept. */
  public static void checkMetrics(byte[] body) throws Undecodable {
    items(body, Integer.MAX_VALUE, MessageReader::span);
  }

  private static <T> Items<T> items(byte[] body, int maxItems, ItemReader<T> reader)
      throws Undecodable {
    ProtobufReader request = new ProtobufReader(body, maxItems);
    try {
      request.walk();
    } catch (IOException broken) {
      throw undecodable(broken);
    }
    return request.items(reader);
  }

  private <T> Items<T> items(ItemReader<T> reader) {
    return new Items<>() {
      @Override
      public int size() {
        return places.size();
      }

      @Override
      public T get(int index) throws Undecodable {
        Place place = places.get(index);
        try {
          return reader.read(
              new MessageReader(CodedInputStream.newInstance(body, place.from, place.length)),
              place.source);
        } catch (IOException broken) {
          throw undecodable(broken);
        }
      }
    };
  }

  private static Undecodable undecodable(IOException broken) {
    return new Undecodable("The body is not a valid OTLP protobuf message: " + broken.getMessage());
  }

  private void walk() throws IOException {
    MessageReader in = new MessageReader(CodedInputStream.newInstance(body));
    while (in.next()) {
      if (in.isMessage(RESOURCE_ITEMS)) {
        resource(in);
      } else {
        in.skip();
      }
    }
  }

  private void resource(MessageReader in) throws IOException {
    int limit = in.enter();
    List<Source> sources = new ArrayList<>(1);
    Map<String, Object> attributes = Map.of();
    while (in.next()) {
      if (in.isMessage(RESOURCE)) {
        attributes = resourceAttributes(in);
      } else if (in.isMessage(SCOPE_ITEMS)) {
        Source source = new Source();
        sources.add(source);
        scope(in, source);
      } else {
        in.skip();
      }
    }
    in.leave(limit);
    for (Source source : sources) {
      source.resource(attributes);
    }
  }

  private static Map<String, Object> resourceAttributes(MessageReader in) throws IOException {
    int limit = in.enter();
    Map<String, Object> attributes = in.attributes(ATTRIBUTES_OF_RESOURCE);
    in.leave(limit);
    return attributes;
  }

  private void scope(MessageReader in, Source source) throws IOException {
    int limit = in.enter();
    while (in.next()) {
      if (in.isMessage(SCOPE)) {
        int inner = in.enter();
        in.scope(source);
        in.leave(inner);
      } else if (in.isMessage(ITEMS)) {
        if (places.size() == maxItems) {
          throw new TooMany(maxItems);
        }
        int length = in.length();
        places.add(new Place(source, in.position(), length));
        in.skipBytes(length);
      } else {
        in.skip();
      }
    }
    in.leave(limit);
  }
}
