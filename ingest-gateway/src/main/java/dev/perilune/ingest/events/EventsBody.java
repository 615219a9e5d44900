package dev.perilune.ingest.events;

import dev.perilune.model.wire.EventReader;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.model.wire.RefusedBody;
import dev.perilune.runtime.http.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the bytes of a request to its events, or to the refusal that the client is told. */
final class EventsBody {

  static final String MISSING = "Missing events payload.";

  private static final Set<String> JSON_TYPES =
      Set.of(
          "application/json",
          "application/vnd.api+json",
          "application/json-patch+json",
          "application/csp-report");

  private EventsBody() {}

  /**
   * Reads the events.
   *
   * @throws Problem if there are none to read
   */
  static List<IncomingEvent> read(EventReader reader, @Nullable String contentType, byte[] body) {
    if (!isJson(contentType)) {
      // other bodies count as an empty object, which has no events
      throw new Problem.BadRequest(MISSING);
    }
    try {
      return reader.read(body);
    } catch (RefusedBody refused) {
      throw switch (refused.reason()) {
        case BROKEN, SCALAR -> new Problem.BadRequest(refused.getMessage());
        case NO_EVENTS -> new Problem.BadRequest(MISSING);
        case TOO_MANY -> new Problem.TooLarge(refused.getMessage());
      };
    }
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int end = contentType.indexOf(';');
    String mediaType = end < 0 ? contentType : contentType.substring(0, end);
    return JSON_TYPES.contains(mediaType.strip().toLowerCase(Locale.ROOT));
  }
}
