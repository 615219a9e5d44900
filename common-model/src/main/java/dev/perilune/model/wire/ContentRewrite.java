package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event anew without what its project does not want stored: input, output and what a
 * message says become a marker, and every other text of the content passes through a mask. One
 * pass, no trees.
 */
public final class ContentRewrite {
  /** Stands where a project's rules kept a content back; dashboards and exports know it. */
  public static final String MARKER = "__NOT_INGESTED__";

  private static final Set<String> HIDDEN = Set.of(EventFields.INPUT, EventFields.OUTPUT);

  /** Events that a run's input and output come with; they say that both are hidden. */
  private static final Set<String> WITH_CONTENT = Set.of("start", "end");

  private static final Set<String> MASKED =
      Set.of(
          EventFields.INPUT,
          EventFields.OUTPUT,
          EventFields.MESSAGE,
          EventFields.ERROR,
          EventFields.PARAMS,
          EventFields.EXTRA,
          EventFields.METADATA,
          EventFields.SCORE,
          EventFields.THREAD_METADATA);

  /** Parts of a message that hold what was said. */
  private static final Set<String> SAID =
      Set.of("content", "text", "refusal", "toolCalls", "functionCall", "audio");

  /** In metadata these say who the user is, as the event's own fields do, which stay as well. */
  private static final Set<String> WHO = Set.of(EventFields.USER_ID, EventFields.USER_PROPS);

  private final JsonParser in;
  private final JsonGenerator out;
  private final UnaryOperator<String> mask;

  private ContentRewrite(JsonParser in, JsonGenerator out, UnaryOperator<String> mask) {
    this.in = in;
    this.out = out;
    this.mask = mask;
  }

  /**
   * Returns the event with other contents.
   *
   * @param event one that can be taken
   * @param hide whether input, output and messages become the marker
   * @param mask for texts, null to leave them alone
   */
  public static IncomingEvent of(
      IncomingEvent event, boolean hide, @Nullable UnaryOperator<String> mask) {
    WireBuffer bytes = new WireBuffer(event.length() + 64);
    try (JsonParser in = Json.FACTORY.createParser(event.json(), event.from(), event.length());
        JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
      in.nextToken();
      new ContentRewrite(in, out, mask == null ? UnaryOperator.identity() : mask)
          .event(hide, hide && WITH_CONTENT.contains(String.valueOf(event.event())));
    } catch (IOException e) {
      throw new UncheckedIOException("A normalised event parses again", e);
    }
    return event.withJson(Arrays.copyOf(bytes.array(), bytes.size()));
  }

  private void event(boolean hide, boolean markBoth) throws IOException {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      if (hide && HIDDEN.contains(field)) {
        in.skipChildren();
        if (!markBoth) {
          out.writeStringField(field, MARKER);
        }
        continue;
      }
      out.writeFieldName(field);
      if (hide && field.equals(EventFields.MESSAGE) && value == JsonToken.START_OBJECT) {
        message();
      } else if (field.equals(EventFields.METADATA) && value == JsonToken.START_OBJECT) {
        metadata();
      } else {
        copy(MASKED.contains(field));
      }
    }
    if (markBoth) {
      out.writeStringField(EventFields.INPUT, MARKER);
      out.writeStringField(EventFields.OUTPUT, MARKER);
    }
    out.writeEndObject();
  }

  /** Keeps who speaks; what is said, called or heard goes. */
  private void message() throws IOException {
    out.writeStartObject();
    out.writeStringField("content", MARKER);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      if (SAID.contains(field)) {
        in.skipChildren();
      } else {
        out.writeFieldName(field);
        copy(true);
      }
    }
    out.writeEndObject();
  }

  private void metadata() throws IOException {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      out.writeFieldName(key);
      in.nextToken();
      copy(!WHO.contains(key));
    }
    out.writeEndObject();
  }

  /** Copies the value under the cursor; numbers keep their digits. */
  private void copy(boolean masked) throws IOException {
    int depth = 0;
    do {
      switch (in.currentToken()) {
        case START_OBJECT -> {
          out.writeStartObject();
          depth++;
        }
        case START_ARRAY -> {
          out.writeStartArray();
          depth++;
        }
        case END_OBJECT -> {
          out.writeEndObject();
          depth--;
        }
        case END_ARRAY -> {
          out.writeEndArray();
          depth--;
        }
        case FIELD_NAME -> out.writeFieldName(in.currentName());
        case VALUE_STRING -> out.writeString(masked ? mask.apply(in.getText()) : in.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getText());
        case VALUE_TRUE -> out.writeBoolean(true);
        case VALUE_FALSE -> out.writeBoolean(false);
        default -> out.writeNull();
      }
    } while (depth > 0 && in.nextToken() != null);
  }
}
