package dev.perilune.query.ingest;

import dev.perilune.query.ingest.LetterSql.Letter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes dead letters as the API shows them. */
final class LetterJson {
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private LetterJson() {}

  static JsonArray of(List<Letter> letters) {
    JsonArray json = new JsonArray();
    letters.forEach(letter -> json.add(of(letter)));
    return json;
  }

  static JsonObject of(Letter letter) {
    JsonObject json =
        new JsonObject()
            .put("id", letter.id())
            .put("topic", letter.topic())
            .put("partition", letter.partition())
            .put("offset", letter.offset())
            .put("reason", letter.reason())
            .put("createdAt", MILLISECONDS.format(letter.createdAt()))
            .put("redriveRequestedAt", time(letter.redriveRequestedAt()))
            .put("redrives", letter.redrives());
    return letter.record() == null ? json : record(json, letter.record(), letter.recordBytes());
  }

  /** The record as text where it is text, else as base64. */
  private static JsonObject record(JsonObject json, Buffer record, int recordBytes) {
    byte[] bytes = record.getBytes();
    boolean whole = bytes.length == recordBytes;
    Optional<String> text = utf8(bytes, whole);
    return json.put("record", text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)))
        .put("recordEncoding", text.isPresent() ? "utf8" : "base64")
        .put("recordBytes", recordBytes)
        .put("recordComplete", whole);
  }

  private static Optional<String> utf8(byte[] bytes, boolean whole) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    // a record that was cut may end in the middle of a character
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, whole);
    return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
  }

  private static @Nullable String time(@Nullable OffsetDateTime time) {
    return time == null ? null : MILLISECONDS.format(time);
  }
}
