package dev.perilune.processor.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** The stored form of feedback that was given to an id. */
final class FeedbackFold {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectReader READER = MAPPER.readerFor(StampedMap.class);
  private static final ObjectWriter WRITER = MAPPER.writerFor(StampedMap.class);

  private FeedbackFold() {}

  static StampedMap parse(@Nullable String json) {
    try {
      return json == null ? new StampedMap() : READER.readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored feedback can't be read: " + json, e);
    }
  }

  static @Nullable String json(StampedMap feedback) {
    try {
      return feedback.isEmpty() ? null : WRITER.writeValueAsString(feedback);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Feedback can't be written", e);
    }
  }
}
