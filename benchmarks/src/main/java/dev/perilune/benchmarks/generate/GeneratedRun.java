package dev.perilune.benchmarks.generate;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run in the making; texts are JSON. */
final class GeneratedRun {
  final UUID id;
  final String type;
  final long startMicros;
  @Nullable Long endMicros;
  @Nullable String name;
  @Nullable String status;
  @Nullable UUID parent;
  @Nullable String parentType;
  @Nullable UUID sibling;

  /** The agent or chain at the top of the work that it is part of. */
  @Nullable String agent;

  /** Internal id of the user that the run counts for. */
  @Nullable Long user;

  /** Internal id of the user that its own events name. */
  @Nullable Long ownUser;

  @Nullable Integer promptTokens;
  @Nullable Integer completionTokens;
  int cachedTokens;
  @Nullable String tags;
  @Nullable String metadata;
  @Nullable String feedback;
  @Nullable String input;
  @Nullable String output;
  @Nullable String error;
  @Nullable String params;

  /** What the processor keeps to merge later events. */
  String fold = "{}";

  GeneratedRun(UUID id, String type, long startMicros) {
    this.id = id;
    this.type = type;
    this.startMicros = startMicros;
  }
}
