package dev.perilune.runtime.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.http.Problem;
import dev.perilune.runtime.limit.TokenBucket.Taken;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits how often one caller may ask: by key, or by address where there is no key. Put it after
 * the handler of {@code Authenticate}; one instance for all event loops. Each counted answer says
 * what is left; what is too much is 429 with {@code Retry-After}.
 *
 * <p>Counts in this process alone: several copies of a service allow as many times the rate.
 */
public final class RateLimit implements Handler<RoutingContext> {

  private static final int MOST_CALLERS = 100_000;

  private final long nanosPerRequest;
  private final int burst;
  private final LongSupplier nanoClock;
  private final Cache<Object, TokenBucket> buckets;

  private RateLimit(RateSettings settings, LongSupplier nanoClock) {
    this.nanosPerRequest = TimeUnit.SECONDS.toNanos(1) / settings.requestsPerSecond();
    this.burst = settings.burst();
    this.nanoClock = nanoClock;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            // by then every bucket is full again, and a new one is as good
            .expireAfterAccess(Duration.ofNanos(nanosPerRequest * burst).plusMinutes(1))
            .build();
  }

  /** The limit that the settings ask for, or none when they say 0. */
  public static Handler<RoutingContext> of(RateSettings settings) {
    return of(settings, System::nanoTime);
  }

  static Handler<RoutingContext> of(RateSettings settings, LongSupplier nanoClock) {
    return settings.requestsPerSecond() == 0
        ? RoutingContext::next
        : new RateLimit(settings, nanoClock);
  }

  @Override
  public void handle(RoutingContext ctx) {
    long now = nanoClock.getAsLong();
    Taken taken =
        buckets
            .get(callerOf(ctx), caller -> new TokenBucket(now))
            .take(now, nanosPerRequest, burst);
    MultiMap headers = ctx.response().headers();
    headers.set("Rate-Limit-Total", Integer.toString(burst));
    headers.set("Rate-Limit-Remaining", Integer.toString(taken.remaining()));
    headers.set("Rate-Limit-Reset", Long.toString(secondsWhenFull(taken)));
    if (taken.waitNanos() > 0) {
      ctx.fail(new Problem.TooManyRequests(Duration.ofNanos(taken.waitNanos())));
    } else {
      ctx.next();
    }
  }

  private static Object callerOf(RoutingContext ctx) {
    Object key = Caller.of(ctx).key();
    return key != null ? key : ctx.request().remoteAddress().hostAddress();
  }

  private static long secondsWhenFull(Taken taken) {
    long millis = System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(taken.fullInNanos());
    return (millis + 999) / 1000;
  }
}
