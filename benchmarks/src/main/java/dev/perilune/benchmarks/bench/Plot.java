package dev.perilune.benchmarks.bench;

import java.util.List;
import java.util.Locale;

/** Draws each figure that has a baseline as a bar: how much of the baseline is reached. */
final class Plot {
  private static final int LABEL_WIDTH = 430;
  private static final int BAR_WIDTH = 420;
  private static final int ROW_HEIGHT = 26;
  private static final int MARGIN = 20;
  private static final double LARGEST_RATIO = 1.2;

  private Plot() {}

  static String svg(List<Figure> figures) {
    List<Figure> shown = figures.stream().filter(figure -> figure.ratio() != null).toList();
    int height = 2 * MARGIN + ROW_HEIGHT * (shown.size() + 1);
    StringBuilder svg = new StringBuilder();
    svg.append(
        line(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            LABEL_WIDTH + BAR_WIDTH + 10 * MARGIN, height));
    svg.append(line("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>"));
    svg.append(
        line(
            "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">Share of the bare baseline</text>",
            MARGIN, MARGIN + 4));
    for (int row = 0; row < shown.size(); row++) {
      svg.append(bar(shown.get(row), MARGIN + ROW_HEIGHT * (row + 1)));
    }
    int whole = LABEL_WIDTH + (int) (BAR_WIDTH / LARGEST_RATIO);
    svg.append(
        line(
            "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888\""
                + " stroke-dasharray=\"4\"/>",
            whole, MARGIN + 8, whole, height - MARGIN));
    return svg.append("</svg>\n").toString();
  }

  private static String bar(Figure figure, int top) {
    double ratio = figure.ratio();
    int width = (int) (BAR_WIDTH * Math.min(ratio, LARGEST_RATIO) / LARGEST_RATIO);
    int text = top + 14;
    return line("<text x=\"%d\" y=\"%d\">%s</text>", MARGIN, text, escaped(label(figure)))
        + line(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\" fill=\"#4466aa\"/>",
            LABEL_WIDTH, top + 2, Math.max(1, width))
        + line(
            "<text x=\"%d\" y=\"%d\">%.2f (%s %s)</text>",
            LABEL_WIDTH + width + 6,
            text,
            ratio,
            Figure.text(figure.value()),
            escaped(figure.unit()));
  }

  private static String label(Figure figure) {
    return figure.scenario() + ": " + figure.name();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String line(String layout, Object... values) {
    return String.format(Locale.ROOT, layout, values) + "\n";
  }
}
