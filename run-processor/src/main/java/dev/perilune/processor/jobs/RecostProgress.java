package dev.perilune.processor.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RunChange.Place;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk over an organisation's runs goes on: projects by id, types, and in these the newest
 * runs first.
 *
 * @param project the project at hand; null before the first
 * @param type index of the type at hand
 * @param atMicros, id the last run that was looked at
 * @param seen runs looked at in this walk
 * @param total runs that there were when it began
 * @param walks walks before this one: they are repeated where prices change meanwhile
 * @param prices a mark of the prices that this walk uses
 */
record RecostProgress(
    @Nullable UUID project,
    int type,
    long atMicros,
    UUID id,
    long seen,
    long total,
    int walks,
    UUID prices,
    RecostReport report) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Later than every run: in the year 9999. */
  private static final long END_OF_TIME = 253_370_764_800_000_000L;

  private static final UUID LAST_ID = new UUID(-1, -1);

  static RecostProgress begin(long total, int walks, UUID prices, RecostReport report) {
    return new RecostProgress(null, 0, END_OF_TIME, LAST_ID, 0, total, walks, prices, report);
  }

  /** The newest runs of a project and type come next. */
  RecostProgress at(UUID nextProject, int nextType) {
    return new RecostProgress(
        nextProject, nextType, END_OF_TIME, LAST_ID, seen, total, walks, prices, report);
  }

  /** The runs before this one come next. */
  RecostProgress after(Place last, int runs) {
    return new RecostProgress(
        project,
        type,
        last.createdAtMicros(),
        last.key().id(),
        seen + runs,
        total,
        walks,
        prices,
        report);
  }

  Place place(UUID inProject) {
    return new Place(new RunKey(new ProjectId(inProject), id), atMicros);
  }

  /** From 0 to 99.9: the rest is for being done. */
  double percent() {
    return total == 0 ? 0 : Math.min(99.9, 100.0 * seen / total);
  }

  static RecostProgress parse(String json) {
    try {
      return MAPPER.readValue(json, RecostProgress.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The state of a job can't be read: " + json, e);
    }
  }

  String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The state of a job can't be written", e);
    }
  }
}
