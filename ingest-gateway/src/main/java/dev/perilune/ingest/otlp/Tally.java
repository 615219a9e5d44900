package dev.perilune.ingest.otlp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What was rejected of one request, and why; never says what was in it. */
final class Tally {
  private static final int LONGEST_TEXT = 1024;

  private final Signal signal;
  private final Map<String, Integer> reasons = new LinkedHashMap<>();
  private int rejected;

  Tally(Signal signal) {
    this.signal = signal;
  }

  Signal signal() {
    return signal;
  }

  void reject(String reason) {
    rejected++;
    // a hundred kinds of faults are more than anybody reads
    String kept = reasons.containsKey(reason) || reasons.size() < 100 ? reason : "other reasons";
    reasons.merge(kept, 1, Integer::sum);
  }

  int rejected() {
    return rejected;
  }

  /** Such as {@code 3 spans rejected: invalid span id (2), no start and no end time (1)}. */
  String text() {
    String text =
        reasons.entrySet().stream()
            .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
            .collect(
                Collectors.joining(
                    ", ",
                    rejected + " " + signal.item() + (rejected == 1 ? "" : "s") + " rejected: ",
                    ""));
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
  }
}
