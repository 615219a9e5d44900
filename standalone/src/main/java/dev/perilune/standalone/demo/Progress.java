package dev.perilune.standalone.demo;

import java.io.PrintStream;

/** A bar that moves on a terminal, and a line for every tenth elsewhere. */
final class Progress {
  private static final int WIDTH = 40;

  private final PrintStream out;
  private final boolean isTerminal;
  private final int total;
  private int tenthsShown;

  Progress(PrintStream out, boolean isTerminal, int total) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.total = total;
  }

  void show(int done) {
    int shown = Math.min(done, total);
    if (isTerminal) {
      int filled = (int) ((long) shown * WIDTH / total);
      out.printf(
          "\r[%s%s] %d of %d runs", "#".repeat(filled), " ".repeat(WIDTH - filled), shown, total);
      out.print(shown == total ? System.lineSeparator() : "");
      out.flush();
      return;
    }
    int tenths = (int) ((long) shown * 10 / total);
    if (tenths > tenthsShown) {
      tenthsShown = tenths;
      out.printf("%d%% %d of %d runs%n", tenths * 10, shown, total);
    }
  }
}
