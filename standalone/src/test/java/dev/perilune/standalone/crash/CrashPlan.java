package dev.perilune.standalone.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How long a crash test lasts and how much happens in it; the same seed strikes in the same order.
 *
 * @param kills of services, a third of each
 * @param length of the load; what is down then is waited for
 * @param eventsPerSecond of the load
 */
record CrashPlan(long seed, int kills, Duration length, int eventsPerSecond) {
  private static final int KILLS_FOR_EACH_OUTAGE = 15;
  private static final int KILLS_FOR_EACH_REWIND = 5;

  /** The short form, unless system properties {@code perilune.crash.*} ask for more. */
  static CrashPlan ofProperties() {
    return new CrashPlan(
        Long.getLong("perilune.crash.seed", System.nanoTime() & 0xFFFFFF),
        Integer.getInteger("perilune.crash.kills", 6),
        Duration.ofSeconds(Integer.getInteger("perilune.crash.seconds", 35)),
        Integer.getInteger("perilune.crash.rate", 300));
  }

  /** What happens, in order: services, servers and offsets mixed, one processor or three. */
  List<Strike> strikes() {
    Random random = new Random(seed);
    List<Strike> strikes = new ArrayList<>();
    List<Strike> services = List.of(Strike.KILL_GATEWAY, Strike.KILL_PROCESSOR, Strike.KILL_QUERY);
    for (int i = 0; i < Math.max(kills, services.size()); i++) {
      strikes.add(services.get(i % services.size()));
    }
    int outages = Math.max(1, kills / KILLS_FOR_EACH_OUTAGE);
    strikes.addAll(Collections.nCopies(outages, Strike.STOP_POSTGRES));
    strikes.addAll(Collections.nCopies(outages, Strike.STOP_BROKER));
    strikes.addAll(Collections.nCopies(kills / KILLS_FOR_EACH_OUTAGE, Strike.KILL_BROKER));
    strikes.add(Strike.KILL_POSTGRES);
    strikes.addAll(Collections.nCopies(1 + kills / KILLS_FOR_EACH_REWIND, Strike.REWIND));
    Collections.shuffle(strikes, random);
    int middle = strikes.size() / 2;
    strikes.add(middle + 1 + random.nextInt(strikes.size() - middle), Strike.REMOVE_PROCESSORS);
    strikes.add(random.nextInt(middle), Strike.ADD_PROCESSORS);
    return strikes;
  }
}
