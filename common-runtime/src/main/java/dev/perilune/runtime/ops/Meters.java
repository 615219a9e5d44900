package dev.perilune.runtime.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The meter registry of one process. Meters are named in {@link Meter} alone; look a counter or a
 * timer up once and keep it, since a look-up costs more than an increment.
 */
public final class Meters implements AutoCloseable {

  private static final Duration[] TIMER_BUCKETS =
      Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics pauses = new JvmGcMetrics();

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    pauses.bindTo(registry);
  }

  /** For libraries that register meters of their own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** A counter; {@code tags} are keys and values in turn. */
  public Counter counter(Meter meter, String... tags) {
    return Counter.builder(meter.id())
        .description(meter.meaning())
        .baseUnit(meter.unit())
        .tags(tags)
        .register(registry);
  }

  /** A timer with buckets from 1 ms to 10 s; {@code tags} are keys and values in turn. */
  public Timer timer(Meter meter, String... tags) {
    return Timer.builder(meter.id())
        .description(meter.meaning())
        .serviceLevelObjectives(TIMER_BUCKETS)
        .tags(tags)
        .register(registry);
  }

  /** Count, sum and maximum of amounts; {@code tags} are keys and values in turn. */
  public DistributionSummary summary(Meter meter, String... tags) {
    return DistributionSummary.builder(meter.id())
        .description(meter.meaning())
        .baseUnit(meter.unit())
        .tags(tags)
        .register(registry);
  }

  /** A gauge that asks for its value when scraped; {@code tags} are keys and values in turn. */
  public void gauge(Meter meter, Supplier<Number> value, String... tags) {
    Gauge.builder(meter.id(), value)
        .description(meter.meaning())
        // a unit of one would become part of the name
        .baseUnit("1".equals(meter.unit()) ? null : meter.unit())
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** All meters in the Prometheus text format; takes some milliseconds. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    pauses.close();
    registry.close();
  }
}
