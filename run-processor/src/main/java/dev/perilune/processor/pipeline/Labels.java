package dev.perilune.processor.pipeline;

import dev.perilune.model.FoldEdit;
import dev.perilune.model.Stamp;
import dev.perilune.model.wire.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tags and metadata of a run: those of its start, with what ends and updates add laid over them.
 * What the later events gave is kept in the fold, so the start's share can be told apart at any
 * time.
 */
final class Labels {
  /** Where answers note why the model stopped. */
  static final String FINISH_REASONS = "finishReasons";

  private final RunFold fold;

  /**
   * Those of the start in its order, then the others in theirs; {@code null} if none were given.
   */
  @Nullable List<String> tags;

  /** JSON text of an object. */
  @Nullable String metadata;

  Labels(RunFold fold) {
    this.fold = fold;
  }

  /** Takes what the start says, in place of what an earlier-seen start said. */
  void start(@Nullable List<String> startTags, Map<String, String> startMetadata) {
    writeTags(fold.tagsCopy == null ? startTags : startTags());
    boolean isCleared = fold.cleared != null && fold.cleared.isAfter(fold.start);
    writeMetadata(isCleared ? Map.of() : startMetadata);
  }

  /** Takes tags that the start leaves to another copy of its span. */
  void startTags(@Nullable List<String> copied) {
    writeTags(copied);
  }

  /** Keeps the start's metadata below that of another copy, which is to take its place. */
  void supplyStart(Stamp stamp) {
    supplyMetadata(startMetadata(), stamp);
  }

  /** Adds tags; returns whether any was new. */
  boolean addTags(@Nullable List<String> given) {
    boolean added = given != null && fold.endTags.addAll(given);
    if (added) {
      writeTags(startTags());
    }
    return added;
  }

  /**
   * Lays metadata over what is there, unless a later update replaced all; returns whether it did.
   */
  boolean addMetadata(Map<String, String> given, Stamp stamp) {
    if (given.isEmpty() || !stamp.isAfter(fold.cleared)) {
      return false;
    }
    Map<String, String> plain = startMetadata();
    fold.metadata.put(given, stamp);
    writeMetadata(plain);
    return true;
  }

  /** Fills in metadata of others under what the run itself says, unless an update replaced all. */
  void supplyMetadata(Map<String, String> given, Stamp stamp) {
    if (!given.isEmpty() && stamp.isAfter(fold.cleared)) {
      Map<String, String> plain = startMetadata();
      fold.suppliedMetadata.put(given, stamp);
      writeMetadata(plain);
    }
  }

  /** Fills in why the model stopped, which each of its answers tells for itself. */
  void supplyReasons(String key, String json, Stamp stamp) {
    if (stamp.isAfter(fold.cleared)) {
      Map<String, String> plain = startMetadata();
      fold.suppliedReasons.put(Map.of(key, json), stamp);
      writeMetadata(plain);
    }
  }

  /** Replaces all metadata said before; returns whether there was no later replacement. */
  boolean replaceMetadata(Map<String, String> given, Stamp stamp) {
    if (!stamp.isAfter(fold.cleared)) {
      return false;
    }
    boolean keepsStart = fold.start != null && !stamp.isAfter(fold.start);
    Map<String, String> plain = keepsStart ? startMetadata() : Map.of();
    fold.cleared = stamp;
    fold.metadata.forgetBefore(stamp);
    fold.suppliedMetadata.forgetBefore(stamp);
    fold.suppliedReasons.forgetBefore(stamp);
    fold.metadata.put(given, stamp);
    writeMetadata(plain);
    return true;
  }

  /** Takes the tags that a person set, if one did. */
  void edit() {
    if (FoldEdit.hasTags(fold.edits)) {
      tags = FoldEdit.tags(fold.edits);
    }
  }

  private @Nullable List<String> startTags() {
    return tags == null ? null : tags.stream().filter(tag -> !fold.endTags.contains(tag)).toList();
  }

  private void writeTags(@Nullable List<String> startTags) {
    if (FoldEdit.hasTags(fold.edits)) {
      return; // a person's word stands
    }
    Set<String> all = new LinkedHashSet<>(startTags == null ? List.of() : startTags);
    all.removeAll(fold.endTags);
    all.addAll(fold.endTags);
    tags = startTags == null && all.isEmpty() ? null : new ArrayList<>(all);
  }

  private Map<String, String> startMetadata() {
    Map<String, String> plain = new LinkedHashMap<>(Metadata.fields(metadata));
    fold.metadata.removeFrom(plain);
    plain.keySet().removeIf(key -> isSupplied(key) && !fold.ownKeys.contains(key));
    return plain;
  }

  private void writeMetadata(Map<String, String> startMetadata) {
    Map<String, String> all = new LinkedHashMap<>();
    fold.suppliedMetadata.layOver(all);
    if (!fold.suppliedReasons.isEmpty()) {
      List<String> reasons = fold.suppliedReasons.inOrder(Supplements::choice);
      all.put(FINISH_REASONS, Supplements.joined(reasons));
    }
    fold.ownKeys.clear();
    startMetadata.keySet().stream().filter(this::isSupplied).forEach(fold.ownKeys::add);
    all.putAll(startMetadata);
    fold.metadata.layOver(all);
    metadata = all.isEmpty() ? null : Metadata.object(all);
  }

  private boolean isSupplied(String key) {
    boolean isReasons = key.equals(FINISH_REASONS) && !fold.suppliedReasons.isEmpty();
    return isReasons || fold.suppliedMetadata.get(key) != null;
  }
}
