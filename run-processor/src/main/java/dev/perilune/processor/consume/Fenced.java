package dev.perilune.processor.consume;

/** An offset is not where this consumer left it: the batch must not be stored by it. */
final class Fenced extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Fenced() {
    super("An offset has moved or has another owner", null, false, false);
  }
}
