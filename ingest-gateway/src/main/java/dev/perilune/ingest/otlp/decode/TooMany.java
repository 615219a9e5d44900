package dev.perilune.ingest.otlp.decode;

/** A request that holds more spans or records than one may. */
public final class TooMany extends RuntimeException {
  TooMany(int most) {
    super("A request may hold at most %d spans or log records".formatted(most), null, false, false);
  }
}
