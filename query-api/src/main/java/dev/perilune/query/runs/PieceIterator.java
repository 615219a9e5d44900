package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A piece that is there already, and those that are read when their turn comes. */
final class PieceIterator implements Iterator<Future<Buffer>> {

  private final Iterator<List<RunKey>> later;
  private final Function<List<RunKey>, Future<Buffer>> read;
  private @Nullable Buffer first;

  PieceIterator(
      Buffer first, Iterator<List<RunKey>> later, Function<List<RunKey>, Future<Buffer>> read) {
    this.first = first;
    this.later = later;
    this.read = read;
  }

  @Override
  public boolean hasNext() {
    return first != null || later.hasNext();
  }

  @Override
  public Future<Buffer> next() {
    if (first == null) {
      return read.apply(later.next());
    }
    Future<Buffer> ready = Future.succeededFuture(first);
    first = null;
    return ready;
  }
}
