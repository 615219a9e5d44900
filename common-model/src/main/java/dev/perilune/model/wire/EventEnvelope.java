package dev.perilune.model.wire;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunEvent;
import dev.perilune.model.SpanNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record of the topic {@link Topics#EVENTS}: a JSON object with the version of this form, the
 * project, the time of receipt, the event's place in its request, further ids of the event's run
 * and thread, and last the normalised event itself.
 *
 * @param receivedAtMicros microseconds since 1970, when the gateway took the event
 * @param span that the event tells of; {@code null} where none does
 */
public record EventEnvelope(
    ProjectId project, long receivedAtMicros, RunEvent event, @Nullable SpanNames span) {
  static final int VERSION = 1;

  /**
   * Writes a record's value.
   *
   * @param position place of the event in its request, after ordering by time
   * @param json holds the normalised event, as {@link EventReader} wrote it
   */
  public static byte[] encode(
      ProjectId project,
      long receivedAtMicros,
      int position,
      List<UUID> runAliases,
      List<UUID> threadAliases,
      byte[] json,
      int from,
      int length) {
    StringBuilder head = new StringBuilder(160);
    head.append("{\"v\":").append(VERSION);
    head.append(",\"project\":\"").append(project.value());
    head.append("\",\"receivedAt\":").append(receivedAtMicros);
    head.append(",\"position\":").append(position);
    appendIds(head, "runAliases", runAliases);
    appendIds(head, "threadAliases", threadAliases);
    head.append(",\"event\":");
    byte[] prefix = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] value = new byte[prefix.length + length + 1];
    System.arraycopy(prefix, 0, value, 0, prefix.length);
    System.arraycopy(json, from, value, prefix.length, length);
    value[value.length - 1] = '}';
    return value;
  }

  private static void appendIds(StringBuilder head, String name, List<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    head.append(",\"").append(name).append("\":");
    char separator = '[';
    for (UUID id : ids) {
      head.append(separator).append('"').append(id).append('"');
      separator = ',';
    }
    head.append(']');
  }
}
