package dev.perilune.ingest.otlp;

import com.google.protobuf.CodedOutputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a request is written, and so its answer. */
enum Format {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private static final int PARTIAL_SUCCESS = 1;

  private final String contentType;

  Format(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** Reads a {@code Content-Type}; null for one that is neither. */
  static @Nullable Format of(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    return switch (contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf", "application/protobuf" -> PROTOBUF;
      case "application/json" -> JSON;
      default -> null;
    };
  }

  /** The answer to a request that was taken, in whole or but for what was rejected. */
  Buffer taken(Tally tally) {
    if (tally.rejected() == 0) {
      return this == JSON ? Buffer.buffer("{}") : Buffer.buffer();
    }
    if (this == JSON) {
      return new JsonObject()
          .put(
              "partialSuccess",
              new JsonObject()
                  .put(tally.signal().rejectedField(), Integer.toString(tally.rejected()))
                  .put("errorMessage", tally.text()))
          .toBuffer();
    }
    byte[] partial = message(tally.rejected(), tally.text());
    return written(out -> out.writeByteArray(PARTIAL_SUCCESS, partial));
  }

  /** A {@code google.rpc.Status}. */
  Buffer status(int code, String text) {
    return this == JSON
        ? new JsonObject().put("code", code).put("message", text).toBuffer()
        : Buffer.buffer(message(code, text));
  }

  /** Both messages that we write have a number and a text. */
  static byte[] message(long number, String text) {
    return written(
            out -> {
              out.writeInt64(1, number);
              out.writeString(2, text);
            })
        .getBytes();
  }

  /** What to write into a message. */
  interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  static Buffer written(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
