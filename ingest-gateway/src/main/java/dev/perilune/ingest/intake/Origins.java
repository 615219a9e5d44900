package dev.perilune.ingest.intake;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunIds;
import dev.perilune.model.wire.IncomingEvent;
import dev.perilune.runtime.auth.ApiKeys;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the project of each event of a request: that of its {@code appId}, which may be a key or a
 * project id, else that of the request. An unknown or malformed {@code appId} counts as none.
 */
public final class Origins {

  /** More projects in one request are no real client, and each costs a look-up. */
  static final int MOST_APP_IDS = 100;

  private final Origin ofRequest;
  private final Map<UUID, Origin> byAppId;

  private Origins(Origin ofRequest, Map<UUID, Origin> byAppId) {
    this.ofRequest = ofRequest;
    this.byAppId = byAppId;
  }

  /**
   * Looks up every {@code appId} of the events.
   *
   * @return fails with {@code Problem.Unavailable} when one cannot be checked: a guess could put a
   *     project's data into another
   */
  public static Future<Origins> of(Origin ofRequest, List<IncomingEvent> events, ApiKeys keys) {
    Map<UUID, Future<Origin>> lookups = null;
    for (IncomingEvent event : events) {
      UUID appId = event.appId() == null ? null : RunIds.parseUuid(event.appId());
      if (appId == null || appId.equals(ofRequest.key())) {
        continue;
      }
      lookups = lookups == null ? new HashMap<>() : lookups;
      if (lookups.size() < MOST_APP_IDS) {
        lookups.computeIfAbsent(appId, id -> lookUp(id, ofRequest, keys));
      }
    }
    return lookups == null
        ? Future.succeededFuture(new Origins(ofRequest, Map.of()))
        : joined(ofRequest, lookups);
  }

  private static Future<Origins> joined(Origin ofRequest, Map<UUID, Future<Origin>> lookups) {
    return Future.all(List.copyOf(lookups.values()))
        .map(
            all -> {
              Map<UUID, Origin> found = new HashMap<>();
              lookups.forEach((appId, origin) -> found.put(appId, origin.result()));
              return new Origins(ofRequest, found);
            });
  }

  private static Future<Origin> lookUp(UUID appId, Origin ofRequest, ApiKeys keys) {
    return keys.find(appId)
        .map(
            found ->
                found
                    .filter(caller -> caller.project() != null)
                    .map(caller -> new Origin(caller.requiredProject(), appId))
                    .orElse(ofRequest));
  }

  /** The projects that the events may belong to. */
  Set<ProjectId> projects() {
    if (byAppId.isEmpty()) {
      return Set.of(ofRequest.project());
    }
    Set<ProjectId> projects = new HashSet<>();
    projects.add(ofRequest.project());
    byAppId.values().forEach(origin -> projects.add(origin.project()));
    return projects;
  }

  /** The event's project; that of the request for an event whose own one is one too many. */
  public ProjectId projectOf(IncomingEvent event) {
    Origin origin = of(event);
    return (origin == null ? ofRequest : origin).project();
  }

  /** Returns the event's origin, or null when its {@code appId} is one too many. */
  @Nullable Origin of(IncomingEvent event) {
    UUID appId = event.appId() == null ? null : RunIds.parseUuid(event.appId());
    if (appId == null || appId.equals(ofRequest.key())) {
      return ofRequest;
    }
    return byAppId.get(appId);
  }
}
