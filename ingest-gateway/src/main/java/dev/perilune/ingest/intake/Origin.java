package dev.perilune.ingest.intake;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an event belongs, and the keys under which SDKs may derive other ids for what it names.
 *
 * @param key the key that the event came with
 */
public record Origin(ProjectId project, UUID key) {

  /**
   * Returns the ids that the Python SDK gives to a raw id, one for each key that we know in the
   * clear. Empty when nothing was sent.
   */
  List<UUID> aliasesOf(@Nullable String rawId) {
    if (rawId == null || rawId.isEmpty()) {
      return List.of();
    }
    List<UUID> aliases = new ArrayList<>(2);
    aliases.add(RunIds.pyUuid(rawId + project.value()));
    if (!key.equals(project.value())) {
      aliases.add(RunIds.pyUuid(rawId + key));
    }
    return aliases;
  }
}
