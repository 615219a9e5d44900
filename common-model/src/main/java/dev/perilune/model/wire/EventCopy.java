package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.perilune.model.EventTime;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Copies one event from a request to its normalised form and notes what routing needs. */
final class EventCopy {
  private static final int LONGEST_TIME = 64;

  private final JsonParser in;
  private final byte[] body;
  private final JsonGenerator out;
  private final KeyNames names;

  private boolean tooDeep;
  private @Nullable String idJson;
  private @Nullable String event;
  private @Nullable String type;
  private @Nullable String runId;
  private @Nullable String parentRunId;
  private long atMicros = EventTime.NONE;
  private @Nullable String appId;
  private @Nullable String app;
  private @Nullable String projectId;
  private @Nullable String runtime;
  private boolean hasMessage;

  /** Takes a parser that stands on the event's first token, and what it reads from. */
  EventCopy(JsonParser in, byte[] body, JsonGenerator out, KeyNames names) {
    this.in = in;
    this.body = body;
    this.out = out;
    this.names = names;
  }

  /** Copies up to the end of the event; false if it can't be taken and what was written must go. */
  boolean run() throws IOException {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String sentAs = in.currentName();
      SerializedString name = names.camelCase(sentAs);
      JsonToken value = in.nextToken();
      note(sentAs, name.getValue(), value);
      if (tooDeep || value == JsonToken.VALUE_NULL) {
        in.skipChildren();
      } else {
        out.writeFieldName(name);
        boolean mayHoldHeaders =
            name.getValue().equals(EventFields.PARAMS) || name.getValue().equals(EventFields.EXTRA);
        copyValue(mayHoldHeaders);
      }
    }
    if (!tooDeep) {
      out.writeEndObject();
    }
    return !tooDeep;
  }

  private void note(String sentAs, String name, JsonToken value) throws IOException {
    switch (name) {
      case EventFields.RUN_ID -> {
        runId = text(value);
        idJson = sentAs.equals(name) ? scalarJson(value) : null;
      }
      case EventFields.PARENT_RUN_ID -> parentRunId = text(value);
      case EventFields.EVENT -> event = text(value);
      case EventFields.TYPE -> type = text(value);
      case EventFields.TIMESTAMP -> atMicros = time(value);
      case EventFields.APP_ID -> appId = text(value);
      case EventFields.APP -> app = text(value);
      case EventFields.PROJECT_ID -> projectId = text(value);
      case EventFields.RUNTIME -> runtime = text(value);
      case EventFields.MESSAGE -> hasMessage = value != JsonToken.VALUE_NULL;
      default -> {
        // only the fields above matter before the event is stored
      }
    }
  }

  private @Nullable String text(JsonToken value) throws IOException {
    return value == JsonToken.VALUE_STRING ? WireText.clean(in.getText()) : null;
  }

  private @Nullable String scalarJson(JsonToken value) throws IOException {
    return switch (value) {
      case VALUE_STRING -> '"' + escaped(in.getText()) + '"';
      case VALUE_NULL, START_OBJECT, START_ARRAY -> null;
      default -> in.isNaN() ? "null" : in.getText();
    };
  }

  private static String escaped(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(WireText.clean(text)));
  }

  private long time(JsonToken value) throws IOException {
    if (in.getTextLength() > LONGEST_TIME) {
      return EventTime.NONE;
    }
    return switch (value) {
      case VALUE_STRING -> EventTime.ofText(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> EventTime.ofNumber(in.getDoubleValue());
      default -> EventTime.NONE;
    };
  }

  /** Copies the value under the cursor; iterative, so that no input can exhaust the stack. */
  private void copyValue(boolean mayHoldHeaders) throws IOException {
    int depth = 0;
    do {
      switch (in.currentToken()) {
        case START_OBJECT, START_ARRAY -> {
          if (++depth >= EventReader.MAX_DEPTH) {
            tooDeep = true;
            abandon(depth);
            return;
          }
          open();
        }
        case END_OBJECT -> {
          out.writeEndObject();
          depth--;
        }
        case END_ARRAY -> {
          out.writeEndArray();
          depth--;
        }
        case FIELD_NAME -> {
          SerializedString name = names.camelCase(in.currentName());
          out.writeFieldName(name);
          if (mayHoldHeaders && depth == 1 && name.getValue().equals(EventFields.EXTRA_HEADERS)) {
            in.nextToken();
            copyHeaders();
          }
        }
        default -> copyScalar();
      }
    } while (depth > 0 && in.nextToken() != null);
  }

  private void open() throws IOException {
    if (in.currentToken() == JsonToken.START_OBJECT) {
      out.writeStartObject();
    } else {
      out.writeStartArray();
    }
  }

  /** Header maps hold credentials; only the template's id may pass. */
  private void copyHeaders() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      out.writeNull();
      return;
    }
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      SerializedString name = names.camelCase(in.currentName());
      boolean isTemplate = name.getValue().equals(EventFields.TEMPLATE_HEADER);
      if (in.nextToken().isScalarValue() && isTemplate) {
        out.writeFieldName(name);
        copyScalar();
      } else {
        in.skipChildren();
      }
    }
    out.writeEndObject();
  }

  private void copyScalar() throws IOException {
    switch (in.currentToken()) {
      case VALUE_STRING -> copyText();
      case VALUE_NUMBER_INT -> out.writeNumber(in.getText());
      case VALUE_NUMBER_FLOAT -> {
        if (in.isNaN()) {
          out.writeNull();
        } else {
          out.writeNumber(in.getText());
        }
      }
      case VALUE_TRUE -> out.writeBoolean(true);
      case VALUE_FALSE -> out.writeBoolean(false);
      default -> out.writeNull();
    }
  }

  private void copyText() throws IOException {
    // tells -1 where the body is in another encoding
    int from = (int) in.currentTokenLocation().getByteOffset() + 1;
    int end = from > 0 ? RawText.endOfPlain(body, from) : -1;
    if (end >= 0) {
      out.writeRawUTF8String(body, from, end - from);
      return;
    }
    char[] chars = in.getTextCharacters();
    int first = in.getTextOffset();
    out.writeString(chars, first, WireText.clean(chars, first, in.getTextLength()));
  }

  /** Reads on to the end of the value that is {@code depth} levels open. */
  private void abandon(int depth) throws IOException {
    int open = depth;
    while (open > 0) {
      JsonToken token = in.nextToken();
      if (token == null) {
        return;
      }
      open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
  }

  IncomingEvent event(int place, byte[] json, int from, int length) {
    return new IncomingEvent(
        place,
        null,
        json,
        from,
        length,
        idJson,
        event,
        type,
        runId,
        parentRunId,
        atMicros,
        appId,
        projectId != null ? projectId : app,
        runtime,
        hasMessage);
  }

  /** An event that can't be taken; keeps what was sent, for whoever wants to look at it. */
  IncomingEvent refused(int place, byte[] sent, int from, int length) {
    return IncomingEvent.refused(
        place,
        "The event nests deeper than %d levels".formatted(EventReader.MAX_DEPTH),
        sent,
        from,
        length,
        idJson);
  }
}
