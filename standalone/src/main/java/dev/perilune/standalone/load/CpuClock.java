package dev.perilune.standalone.load;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How much of the machine this process took between start and stop. */
final class CpuClock {
  private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
  private long cpuNanos;
  private long wallNanos;

  void start() {
    cpuNanos = -processNanos();
    wallNanos = -System.nanoTime();
  }

  void stop() {
    cpuNanos += processNanos();
    wallNanos += System.nanoTime();
  }

  /** 1 is every core for the whole time. */
  double shareOfMachine() {
    return (double) cpuNanos / wallNanos / system.getAvailableProcessors();
  }

  private long processNanos() {
    return system instanceof com.sun.management.OperatingSystemMXBean hotspot
        ? hotspot.getProcessCpuTime()
        : 0;
  }
}
