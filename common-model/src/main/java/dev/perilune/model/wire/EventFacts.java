package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import dev.perilune.model.UserReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of a project may ask of an event before it is stored, read as a processor will
 * read it. A conversation's message has the tags of its thread and its own, and the metadata of
 * both.
 */
public final class EventFacts {
  private final @Nullable String type;
  private final @Nullable String name;
  private final @Nullable String userId;
  private final Set<String> tags = new HashSet<>();
  private final Map<String, String> metadata = new HashMap<>();

  EventFacts(@Nullable String type, @Nullable String name, @Nullable UserReport user) {
    this.type = type;
    this.name = name;
    this.userId = user == null ? null : user.externalId();
  }

  /** Reads the facts of an event that can be taken. */
  public static EventFacts of(IncomingEvent event) {
    byte[] json = Arrays.copyOfRange(event.json(), event.from(), event.from() + event.length());
    try (JsonParser in = Json.FACTORY.createParser(json)) {
      in.nextToken();
      return EventBody.read(in, new JsonSlices(json, in)).facts();
    } catch (IOException e) {
      throw new UncheckedIOException("A normalised event parses again", e);
    }
  }

  void add(@Nullable List<String> moreTags, Map<String, String> moreMetadata) {
    if (moreTags != null) {
      tags.addAll(moreTags);
    }
    metadata.putAll(moreMetadata);
  }

  public @Nullable String type() {
    return type;
  }

  /** Model, agent or tool; without the prefix that some vendors put before models. */
  public @Nullable String name() {
    return name;
  }

  /** The application's own id of the user. */
  public @Nullable String userId() {
    return userId;
  }

  public boolean hasTag(String tag) {
    return tags.contains(tag);
  }

  /** Text form of a text, number or boolean; null for anything else. */
  public @Nullable String metadata(String key) {
    return Metadata.text(metadata.get(key));
  }
}
