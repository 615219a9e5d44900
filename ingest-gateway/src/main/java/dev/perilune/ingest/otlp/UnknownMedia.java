package dev.perilune.ingest.otlp;

/** 415: a content type or an encoding that OTLP does not have. */
final class UnknownMedia extends RuntimeException {
  UnknownMedia(String message) {
    super(message, null, false, false);
  }
}
