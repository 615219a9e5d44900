package dev.perilune.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people change in the stored fold of a run. The fold is the processor's; these parts of it
 * are written by others too, and this class alone knows where they are.
 */
public final class FoldEdit {
  /** Feedback, of events and of people alike: the latest word counts. */
  public static final String FEEDBACK = "f";

  /** What people set in place of what events say: it counts whatever events say later. */
  public static final String EDITS = "ed";

  /** Marks the exchanges of a conversation, which are folded from its messages. */
  public static final String EXCHANGE = "x";

  /** In {@link #EDITS}: a list of texts, or null. */
  public static final String TAGS = "tags";

  /** In {@link #EDITS}: true or false. */
  public static final String VISIBILITY = "public";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private FoldEdit() {}

  /** A fold after a change, and the words that made it. */
  public record Changed(String fold, StampedMap said) {}

  /** Says something now in one part of the fold. */
  public static Changed say(
      @Nullable String fold, String part, Map<String, String> values, long nowMicros) {
    ObjectNode tree = tree(fold);
    StampedMap words = StampedMap.parse(tree.has(part) ? tree.get(part).toString() : null);
    StampedMap said = words.say(values, nowMicros);
    tree.set(part, MAPPER.valueToTree(words));
    return new Changed(tree.toString(), said);
  }

  /** Whether people set the tags, be it to none. */
  public static boolean hasTags(StampedMap edits) {
    return edits.get(TAGS) != null;
  }

  /** The tags that people set; {@code null} for none. */
  public static @Nullable List<String> tags(StampedMap edits) {
    String json = edits.get(TAGS);
    try {
      return json == null ? null : MAPPER.readValue(json, TEXTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored tags can't be read: " + json, e);
    }
  }

  /** Whether people made the run public; {@code null} if they did not say. */
  public static @Nullable Boolean isPublic(StampedMap edits) {
    String json = edits.get(VISIBILITY);
    return json == null ? null : Boolean.valueOf(json);
  }

  /** Whether the run is an exchange of a conversation. */
  public static boolean isExchange(@Nullable String fold) {
    return tree(fold).path(EXCHANGE).asBoolean();
  }

  private static ObjectNode tree(@Nullable String fold) {
    try {
      return fold == null ? MAPPER.createObjectNode() : (ObjectNode) MAPPER.readTree(fold);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored fold can't be read: " + fold, e);
    }
  }
}
