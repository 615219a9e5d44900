package dev.perilune.query.analytics.days;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Does something once when many ask for it at a time. */
public final class SingleFlight<K, V> {

  private final Map<K, Future<V>> underWay = new ConcurrentHashMap<>();

  /**
   * What is under way for the key, else what begins now.
   *
   * @param begin whatever it throws ends what others wait for
   */
  public Future<V> of(K key, Supplier<Future<V>> begin) {
    Promise<V> mine = Promise.promise();
    Future<V> other = underWay.putIfAbsent(key, mine.future());
    if (other != null) {
      return other;
    }
    Future.succeededFuture()
        .compose(go -> begin.get())
        .onComplete(done -> underWay.remove(key))
        .onComplete(mine);
    return mine.future();
  }
}
