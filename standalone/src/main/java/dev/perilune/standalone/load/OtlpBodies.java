package dev.perilune.standalone.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Makes trace requests of OTLP (protobuf) that hold LLM calls, each a span of its own trace with
 * the attributes of OpenTelemetry's GenAI conventions that the instrumentation of a chat client
 * sends. Ids are random, and so are the words of inputs and outputs.
 *
 * <p>For use by one thread.
 */
public final class OtlpBodies {
  private static final int LASTED_MILLIS = 800;
  private static final int ROOM_FOR_THE_REST = 4096;
  private static final int CLIENT = 3;

  /** Tags of the answer: field 1 as a message, field 1 as a number. */
  private static final int PARTIAL_SUCCESS = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final int REJECTED_SPANS = 1 << 3 | WireFormat.WIRETYPE_VARINT;

  private static final byte[] INPUT_HEAD =
      ascii("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"");
  private static final byte[] INPUT_TAIL = ascii("\"}]}]");
  private static final byte[] OUTPUT_HEAD =
      ascii("[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"");
  private static final byte[] OUTPUT_TAIL = ascii("\"}],\"finish_reason\":\"stop\"}]");

  private final SplittableRandom random;
  private final Words words;
  private final int inputBytes;
  private final int outputBytes;
  private final byte[] scratch;
  private final List<byte[]> sameAttributes = new ArrayList<>();
  private final byte[] resource;
  private final byte[] scope;

  /**
   * The same seed gives the same requests, but for their times.
   *
   * @param inputBytes of the text that each call sends
   * @param outputBytes of the text that each call gets
   */
  public OtlpBodies(long seed, int inputBytes, int outputBytes) {
    this.random = new SplittableRandom(seed);
    this.words = new Words(random, Math.max(inputBytes, outputBytes));
    this.inputBytes = inputBytes;
    this.outputBytes = outputBytes;
    this.scratch = new byte[inputBytes + outputBytes + ROOM_FOR_THE_REST];
    sameAttributes.add(attribute("gen_ai.operation.name", text("chat")));
    sameAttributes.add(attribute("gen_ai.provider.name", text("openai")));
    sameAttributes.add(attribute("gen_ai.request.model", text("gpt-4o")));
    sameAttributes.add(attribute("gen_ai.response.model", text("gpt-4o-2024-08-06")));
    sameAttributes.add(attribute("server.address", text("api.openai.com")));
    sameAttributes.add(attribute("server.port", number(443)));
    sameAttributes.add(attribute("gen_ai.response.finish_reasons", list(text("stop"))));
    sameAttributes.add(attribute("gen_ai.usage.input_tokens", number(256)));
    sameAttributes.add(attribute("gen_ai.usage.output_tokens", number(128)));
    byte[] service = attribute("service.name", text("load"));
    this.resource = message(out -> out.writeByteArray(1, service));
    this.scope = message(out -> out.writeString(1, "opentelemetry.instrumentation.openai_v2"));
  }

  /**
   * One request.
   *
   * @param body an {@code ExportTraceServiceRequest}
   * @param lastSpanId sixteen hexadecimal digits, of the span that ends last
   */
  public record Request(byte[] body, String lastSpanId) {}

  /** The next request: that many finished calls, of which the last ended just before now. */
  public Request request(int spans, long nowMillis) {
    long lasted = Math.max(LASTED_MILLIS, spans);
    long first = nowMillis - 2 * lasted;
    List<byte[]> all = new ArrayList<>(spans);
    long id = 0;
    for (int i = 0; i < spans; i++) {
      id = random.nextLong() | 1;
      all.add(span(id, first + i, first + lasted + i));
    }
    return new Request(whole(all), HexFormat.of().toHexDigits(id));
  }

  /** How many spans an {@code ExportTraceServiceResponse} says were rejected. */
  static int rejectedSpans(byte[] response) {
    CodedInputStream in = CodedInputStream.newInstance(response);
    try {
      if (in.readTag() != PARTIAL_SUCCESS) {
        return 0;
      }
      in.readRawVarint32();
      return in.readTag() == REJECTED_SPANS ? in.readInt32() : 0;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Not an answer of OTLP", unreadable);
    }
  }

  private byte[] span(long id, long startMillis, long endMillis) {
    byte[] traceId = bytes(random.nextLong(), random.nextLong() | 1);
    byte[] input = text(content(INPUT_HEAD, inputBytes, INPUT_TAIL));
    byte[] output = text(content(OUTPUT_HEAD, outputBytes, OUTPUT_TAIL));
    byte[] responseId = text("chatcmpl-" + HexFormat.of().toHexDigits(random.nextLong()));
    List<byte[]> attributes = new ArrayList<>(sameAttributes);
    attributes.add(attribute("gen_ai.response.id", responseId));
    attributes.add(attribute("gen_ai.input.messages", input));
    attributes.add(attribute("gen_ai.output.messages", output));
    return message(
        out -> {
          out.writeByteArray(1, traceId);
          out.writeByteArray(2, bytes(id));
          out.writeString(5, "chat gpt-4o");
          out.writeEnum(6, CLIENT);
          out.writeFixed64(7, TimeUnit.MILLISECONDS.toNanos(startMillis));
          out.writeFixed64(8, TimeUnit.MILLISECONDS.toNanos(endMillis));
          for (byte[] attribute : attributes) {
            out.writeByteArray(9, attribute);
          }
        });
  }

  private byte[] content(byte[] head, int bytes, byte[] tail) {
    ByteArrayOutputStream content = new ByteArrayOutputStream(head.length + bytes + tail.length);
    content.writeBytes(head);
    words.write(content, bytes);
    content.writeBytes(tail);
    return content.toByteArray();
  }

  /** One resource with one scope, around the spans. */
  private byte[] whole(List<byte[]> spans) {
    int inScope = CodedOutputStream.computeByteArraySize(1, scope);
    for (byte[] span : spans) {
      inScope += CodedOutputStream.computeByteArraySize(2, span);
    }
    int inResource = CodedOutputStream.computeByteArraySize(1, resource) + delimited(inScope);
    byte[] body = new byte[delimited(inResource)];
    CodedOutputStream out = CodedOutputStream.newInstance(body);
    try {
      out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(inResource);
      out.writeByteArray(1, resource);
      out.writeTag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(inScope);
      out.writeByteArray(1, scope);
      for (byte[] span : spans) {
        out.writeByteArray(2, span);
      }
      out.checkNoSpaceLeft();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return body;
  }

  /** Bytes of a field of this length, for field numbers below 16. */
  private static int delimited(int length) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
  }

  private byte[] attribute(String key, byte[] value) {
    return message(
        out -> {
          out.writeString(1, key);
          out.writeByteArray(2, value);
        });
  }

  private byte[] text(String value) {
    return text(ascii(value));
  }

  private byte[] text(byte[] value) {
    return message(out -> out.writeByteArray(1, value));
  }

  private byte[] number(long value) {
    return message(out -> out.writeInt64(3, value));
  }

  private byte[] list(byte[] value) {
    byte[] list = message(out -> out.writeByteArray(1, value));
    return message(out -> out.writeByteArray(5, list));
  }

  /** What to write into a message. */
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** Parts of a message are made before it: all of them use the same scratch. */
  private byte[] message(Fields fields) {
    CodedOutputStream out = CodedOutputStream.newInstance(scratch);
    try {
      fields.writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Arrays.copyOf(scratch, out.getTotalBytesWritten());
  }

  private static byte[] bytes(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return bytes.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
