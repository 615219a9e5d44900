package dev.perilune.ingest.body;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all requests together may hold; shared by event loops and workers. */
public final class ByteBudget {

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Bytes held at the moment. */
  public long held() {
    return held.get();
  }

  /** Takes the bytes, or takes nothing and returns false when they would go over the limit. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= limit) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }
}
