package dev.perilune.query.runs;

import dev.perilune.model.RunIds;
import dev.perilune.runtime.auth.Caller;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The stored ids that a client's id can stand for, the likeliest first: the id itself or its hash,
 * then what the Python SDK makes of it and the key that it is configured with.
 */
record RunId(List<UUID> candidates) {

  static RunId of(String id, Caller caller) {
    Stream<UUID> fromPython =
        Stream.of(caller.requiredProject().value(), caller.key())
            .filter(Objects::nonNull)
            .map(key -> RunIds.pyUuid(id + key));
    return new RunId(
        Stream.concat(Stream.ofNullable(RunIds.derive(id)), fromPython).distinct().toList());
  }

  /** The id under which references to a run that is not there yet are stored. */
  UUID assumed() {
    return candidates.get(0);
  }
}
