package dev.perilune.runtime.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.model.FoldEdit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody changes in one run. */
public sealed interface RunEdit {

  /** Whether the change is kept for a run that is not stored yet. */
  boolean canWait();

  /** A change that is kept in the fold of the run too. */
  sealed interface OfFold extends RunEdit {

    /** The part of the fold, see {@link FoldEdit}. */
    String part();

    /** What is said, as JSON texts by key. */
    Map<String, String> words();
  }

  /** Lays words over the feedback that is there; the values are JSON texts. */
  record Feedback(Map<String, String> words) implements OfFold {
    @Override
    public boolean canWait() {
      return true;
    }

    @Override
    public String part() {
      return FoldEdit.FEEDBACK;
    }
  }

  /** Replaces all tags, be it by none. */
  record Tags(@Nullable List<String> tags) implements OfFold {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Override
    public boolean canWait() {
      return true;
    }

    @Override
    public String part() {
      return FoldEdit.EDITS;
    }

    @Override
    public Map<String, String> words() {
      try {
        return Map.of(FoldEdit.TAGS, MAPPER.writeValueAsString(tags));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("Texts can't be written", e);
      }
    }
  }

  /** Shows the run to everybody who knows its id, or to the project alone. */
  record Visibility(boolean isPublic) implements OfFold {
    @Override
    public boolean canWait() {
      return false;
    }

    @Override
    public String part() {
      return FoldEdit.EDITS;
    }

    @Override
    public Map<String, String> words() {
      return Map.of(FoldEdit.VISIBILITY, Boolean.toString(isPublic));
    }
  }

  /**
   * Gives the run a score in place of the one of that label.
   *
   * @param value JSON text of a number, a text or a boolean
   */
  record Score(String label, String value, @Nullable String comment) implements RunEdit {
    @Override
    public boolean canWait() {
      return true;
    }
  }
}
