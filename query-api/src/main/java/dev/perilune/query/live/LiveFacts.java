package dev.perilune.query.live;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.RunIds;
import dev.perilune.query.filter.RunFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads from a changed run's message what filters may ask of it. */
final class LiveFacts {
  private final JsonParser in;

  private @Nullable String type;
  private @Nullable UUID parentRunId;
  private @Nullable String parentType;
  private @Nullable String name;
  private @Nullable String status;
  private @Nullable Instant createdAt;
  private @Nullable Instant endedAt;
  private @Nullable Long userId;
  private @Nullable Long promptTokens;
  private @Nullable Long completionTokens;
  private @Nullable BigDecimal costUsd;
  private final List<String> tags = new ArrayList<>();

  LiveFacts(JsonParser in) {
    this.in = in;
  }

  /** The facts; nothing if the message is no run. */
  Optional<RunFacts> read() throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      note(field);
    }
    return type == null
        ? Optional.empty()
        : Optional.of(
            new RunFacts(
                type,
                parentRunId,
                parentType,
                name,
                status,
                createdAt,
                endedAt,
                userId,
                promptTokens,
                completionTokens,
                costUsd,
                tags));
  }

  private void note(String field) throws IOException {
    switch (field) {
      case "type" -> type = in.getValueAsString();
      case "parentRunId" -> parentRunId = RunIds.parseUuid(in.getValueAsString(""));
      case "parentType" -> parentType = in.getValueAsString();
      case "name" -> name = in.getValueAsString();
      case "status" -> status = in.getValueAsString();
      case "createdAt" -> createdAt = time();
      case "endedAt" -> endedAt = time();
      case "userId" -> userId = whole();
      case "cost" -> costUsd = isNumber() ? in.getDecimalValue() : null;
      case "tokens" -> readTokens();
      case "tags" -> readTags();
      default -> in.skipChildren();
    }
  }

  private void readTokens() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "prompt" -> promptTokens = whole();
        case "completion" -> completionTokens = whole();
        default -> in.skipChildren();
      }
    }
  }

  private void readTags() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        tags.add(in.getText());
      } else {
        in.skipChildren();
      }
    }
  }

  private @Nullable Long whole() throws IOException {
    boolean isWhole = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    in.skipChildren();
    return isWhole ? Long.valueOf(in.getLongValue()) : null;
  }

  private boolean isNumber() {
    return in.currentToken().isNumeric();
  }

  private @Nullable Instant time() throws IOException {
    String text = in.getValueAsString();
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}
