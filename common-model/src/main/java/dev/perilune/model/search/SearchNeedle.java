package dev.perilune.model.search;

import dev.perilune.model.search.SearchWords.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What words a run must have for a folded text to be in it. Every run that has the text has them; a
 * run that has them need not have the text.
 *
 * @param parts all of which must hold; none when the text has no word at all
 */
public record SearchNeedle(List<Part> parts) {
  private static final int MOST_PARTS = 4;
  private static final int MOST_PIECES = 6;

  public SearchNeedle {
    parts = List.copyOf(parts);
  }

  /**
   * One demand.
   *
   * @param whole patterns of one word, as {@link WordPage} looks for them, of which one is enough;
   *     none when only long words can hold the text
   * @param pieces words that stand for a long word with the text in it; all must be there, beside
   *     {@code whole} as a further choice; none when no long word need be thought of
   */
  public record Part(List<String> whole, List<String> pieces) {
    public Part {
      whole = List.copyOf(whole);
      pieces = List.copyOf(pieces);
    }

    /** Whether it asks for one word as it is, which is found without reading all of them. */
    public boolean isExact() {
      return pieces.isEmpty() && whole.size() == 1 && WordPage.isExact(whole.get(0));
    }

    private int length() {
      return whole.isEmpty() ? pieces.size() : whole.get(0).length();
    }
  }

  /** Reads the folded text that somebody looks for. */
  public static SearchNeedle of(String folded) {
    Set<Part> parts = new LinkedHashSet<>();
    int at = 0;
    while (at < folded.length()) {
      Kind kind = SearchWords.kind(folded.codePointAt(at));
      int end = SearchWords.endOfRun(folded, at, kind);
      String run = folded.substring(at, end);
      boolean openFront = at == 0;
      boolean openBack = end == folded.length();
      switch (kind) {
        case GAP -> {}
        case LETTER -> parts.add(letters(run, openFront, openBack));
        case DENSE -> dense(run, openFront, openBack, parts);
      }
      at = end;
    }
    return new SearchNeedle(
        parts.stream()
            .sorted(
                Comparator.comparing((Part part) -> !part.isExact())
                    .thenComparing(Part::length, Comparator.reverseOrder()))
            .limit(MOST_PARTS)
            .toList());
  }

  private static Part letters(String run, boolean openFront, boolean openBack) {
    List<String> pieces = new ArrayList<>();
    if (openFront || openBack || run.length() > SearchWords.LONGEST_WORD) {
      SearchWords.longWord(run, pieces::add);
    }
    List<String> spread = spread(pieces).stream().map(WordPage::exact).toList();
    if (run.length() > SearchWords.LONGEST_WORD) {
      return new Part(List.of(), spread);
    }
    String back = openBack ? "" : WordPage.EDGE;
    if (openFront) {
      return new Part(List.of(run + back), spread);
    }
    if (!openBack) {
      return new Part(List.of(WordPage.exact(run)), List.of());
    }
    String front = WordPage.EDGE;
    return spread.isEmpty()
        ? new Part(List.of(front + run, front + SearchWords.LONG_MARK + run), spread)
        : new Part(List.of(front + run), spread);
  }

  private static void dense(String run, boolean openFront, boolean openBack, Set<Part> parts) {
    if (run.codePointCount(0, run.length()) > 1) {
      SearchWords.neighbours(
          run, word -> parts.add(new Part(List.of(WordPage.exact(word)), List.of())));
    } else if (openFront || openBack) {
      parts.add(new Part(List.of(run), List.of()));
    } else {
      parts.add(new Part(List.of(WordPage.exact(run)), List.of()));
    }
  }

  private static List<String> spread(List<String> pieces) {
    int step = Math.max(1, pieces.size() / MOST_PIECES);
    List<String> some = new ArrayList<>();
    for (int at = 0; at < pieces.size() && some.size() < MOST_PIECES; at += step) {
      some.add(pieces.get(at));
    }
    return some;
  }
}
