package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Reads what can be read of a record that {@link EventCodec} refuses or nobody can store. */
public final class EnvelopeHead {
  private EnvelopeHead() {}

  /** The project that a record's value names; empty when its bytes do not tell. */
  public static Optional<ProjectId> project(byte[] value) {
    try (JsonParser in = Json.FACTORY.createParser(value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean isProject = in.currentName().equals("project");
        in.nextToken();
        if (isProject) {
          UUID project = RunIds.parseUuid(in.getValueAsString(""));
          return Optional.ofNullable(project).map(ProjectId::new);
        }
        in.skipChildren();
      }
    } catch (IOException broken) {
      // what came before the break did not name it
    }
    return Optional.empty();
  }
}
