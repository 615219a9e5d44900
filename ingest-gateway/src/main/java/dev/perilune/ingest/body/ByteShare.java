package dev.perilune.ingest.body;

/**
 * One request's part of the {@link ByteBudget}. It grows with what has really arrived, so that a
 * client that announces much and sends little holds little; released once, whoever asks first.
 */
final class ByteShare {

  private final ByteBudget budget;
  private long held;
  private boolean released;

  ByteShare(ByteBudget budget) {
    this.budget = budget;
  }

  /** False when the budget is used up or the request is over already. */
  synchronized boolean grow(long bytes) {
    if (released || !budget.take(bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  synchronized void release() {
    if (!released) {
      released = true;
      budget.giveBack(held);
    }
  }
}
