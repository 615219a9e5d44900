package dev.perilune.query.filter;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;

/** A text that somebody looks for in inputs, outputs and errors, all of which are JSON texts. */
public record SearchText(String text) {

  /**
   * How the text may be spelled in JSON: as it is, and if that differs (quotes, line breaks) as it
   * is written inside of a JSON string. Either is a match.
   */
  public List<String> spellings() {
    String inside = new String(JsonStringEncoder.getInstance().quoteAsString(text));
    return inside.equals(text) ? List.of(text) : List.of(text, inside);
  }
}
