package dev.perilune.model.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The message of a conversation event: what of it is stored, and what steers the fold. */
record ChatMessage(
    @Nullable String role,
    boolean retry,
    String json,
    @Nullable List<String> tags,
    Map<String, String> metadata) {

  /** What is stored of a message besides its metadata, in this order. */
  private static final List<String> KEPT =
      List.of(
          "role",
          "content",
          "text",
          "name",
          "toolCalls",
          "toolCallId",
          "functionCall",
          "refusal",
          "audio");

  static ChatMessage of(Map<String, String> fields) {
    String role = Metadata.text(fields.get("role"));
    Map<String, String> metadata = metadata(fields);
    return new ChatMessage(
        role == null ? null : role,
        "true".equals(fields.get("isRetry")),
        stored(fields, metadata),
        Metadata.stringList(fields.get(EventFields.TAGS)),
        metadata);
  }

  private static Map<String, String> metadata(Map<String, String> fields) {
    Map<String, String> metadata = ExtraFields.of(fields.get(EventFields.METADATA));
    return metadata.isEmpty() ? ExtraFields.of(fields.get(EventFields.EXTRA)) : metadata;
  }

  private static String stored(Map<String, String> fields, Map<String, String> metadata) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String name : KEPT) {
      String value = fields.get(name);
      boolean isNull = value == null || value.equals("null");
      if (value != null && (!isNull || name.equals("content"))) {
        kept.put(name, value);
      }
    }
    if (!metadata.isEmpty()) {
      kept.put(EventFields.METADATA, Metadata.object(metadata));
    }
    return Metadata.object(kept);
  }
}
