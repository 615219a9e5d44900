package dev.perilune.processor.consume;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.perilune.processor.store.RunRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A changed run as its topic carries it: what the narrow row holds, in the API's names. */
final class RunMessage {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private RunMessage() {}

  static byte[] encode(RunRow run) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("projectId", run.key().project().value().toString());
      json.writeStringField("id", run.key().id().toString());
      json.writeStringField("type", run.type());
      json.writeStringField("name", run.name());
      json.writeStringField("status", run.status());
      json.writeStringField("createdAt", time(run.createdAtMicros()));
      json.writeStringField("endedAt", time(run.endedAtMicros()));
      json.writeStringField("parentRunId", id(run.parentId()));
      json.writeStringField("parentType", run.parentType());
      number(json, "userId", run.userId());
      tokens(json, run);
      number(json, "cost", run.costUsd());
      tags(json, run);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return bytes.toByteArray();
  }

  private static void tokens(JsonGenerator json, RunRow run) throws IOException {
    json.writeObjectFieldStart("tokens");
    number(json, "prompt", run.promptTokens());
    json.writeNumberField("cachedPrompt", run.cachedPromptTokens());
    number(json, "completion", run.completionTokens());
    json.writeNumberField("total", orZero(run.promptTokens()) + orZero(run.completionTokens()));
    json.writeEndObject();
  }

  private static void tags(JsonGenerator json, RunRow run) throws IOException {
    if (run.tags() == null) {
      json.writeNullField("tags");
      return;
    }
    json.writeArrayFieldStart("tags");
    for (String tag : run.tags()) {
      json.writeString(tag);
    }
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, String name, @Nullable Object number)
      throws IOException {
    json.writeFieldName(name);
    if (number instanceof BigDecimal exact) {
      json.writeRawValue(exact.toPlainString());
    } else {
      // these print as JSON does, null too
      json.writeRawValue(String.valueOf(number));
    }
  }

  private static long orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static @Nullable String id(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable String time(@Nullable Long micros) {
    return micros == null
        ? null
        : MILLISECONDS.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }
}
