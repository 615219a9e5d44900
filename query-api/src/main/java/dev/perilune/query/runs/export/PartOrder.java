package dev.perilune.query.runs.export;

import java.io.IOException;
import java.util.List;

/** Goes through the parts of a row in their order, so that each is there even if it is empty. */
final class PartOrder {

  private final List<Part> parts;
  private final Step begin;
  private final Step end;
  private int current = -1;

  PartOrder(List<Part> parts, Step begin, Step end) {
    this.parts = parts;
    this.begin = begin;
    this.end = end;
  }

  /** Begins or ends a part. */
  interface Step {
    void take(Part part) throws IOException;
  }

  /** Goes back before the first part, for a new row. */
  void restart() {
    current = -1;
  }

  /** Ends and begins parts until this one is open. */
  void moveTo(Part part) throws IOException {
    while (current < 0 || parts.get(current) != part) {
      advance();
    }
  }

  /** Ends all parts. */
  void finish() throws IOException {
    while (current < parts.size()) {
      advance();
    }
  }

  private void advance() throws IOException {
    if (current >= 0) {
      end.take(parts.get(current));
    }
    current++;
    if (current < parts.size()) {
      begin.take(parts.get(current));
    }
  }
}
