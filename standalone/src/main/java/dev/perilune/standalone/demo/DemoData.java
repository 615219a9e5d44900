package dev.perilune.standalone.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;

/** Makes up who comes when, and why. The same seed and time give the same stories. */
final class DemoData {
  private final List<Subject> subjects = Subject.all();
  private final Random random;
  private final Random ids;
  private final List<DemoUser> users;
  private final Instant end;
  private final int days;

  /**
   * @param end when the last story may begin; the first begins {@code days} before it
   */
  DemoData(long seed, Instant end, int days) {
    this.random = new Random(seed);
    // Ids differ from one month to the next, so that a second demo adds to the first.
    this.ids = new Random(seed * 31 + end.toEpochMilli());
    this.users = DemoUser.all(random);
    this.end = end;
    this.days = days;
  }

  /** The next visit of somebody; there is no last one. */
  Story next() {
    // Squared: a few users come often, most come seldom.
    double share = random.nextDouble();
    DemoUser user = users.get((int) (share * share * users.size()));
    Story story = new Story(ids, user, visitTime());
    Subject subject = subjects.get(random.nextInt(subjects.size()));
    new Scene(story, subject, random).play();
    return story;
  }

  /** More often lately than a month ago, at daytime, on working days. */
  private Instant visitTime() {
    while (true) {
      double past = 1 - Math.sqrt(random.nextDouble());
      Instant time = end.minus(Duration.ofSeconds((long) (past * days * 86_400)));
      ZonedDateTime local = time.atZone(ZoneOffset.UTC);
      boolean isWeekend = local.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
      double busy = 0.15 + 0.85 * Math.max(0, Math.sin((local.getHour() - 5) * Math.PI / 17));
      if (random.nextDouble() < busy * (isWeekend ? 0.4 : 1)) {
        return time;
      }
    }
  }
}
