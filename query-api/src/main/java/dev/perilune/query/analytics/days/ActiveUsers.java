package dev.perilune.query.analytics.days;

import dev.perilune.query.analytics.time.HourOfDays;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How many users had runs.
 *
 * @param byBucket in each bucket
 * @param inAll in any bucket, each of them once
 * @param costed how many of these had a run with a known cost
 */
public record ActiveUsers(List<Long> byBucket, long inAll, long costed) {

  public ActiveUsers {
    byBucket = List.copyOf(byBucket);
  }

  /** The buckets that have any, in order. */
  public List<Integer> buckets() {
    return IntStream.range(0, byBucket.size())
        .filter(bucket -> byBucket.get(bucket) > 0)
        .boxed()
        .toList();
  }

  /** Part of a bucket: rows, and which of their hours belong to it. */
  private record Part(UserRows rows, int hours) {}

  /**
   * Counts them; takes milliseconds, more where there are many buckets a day.
   *
   * @param hours what of the days belongs to which bucket
   * @param days UTC days in a row
   * @param firstDay when they begin
   * @param rest what else belongs to which bucket, whatever its hours
   */
  public static ActiveUsers count(
      int buckets,
      List<HourOfDays> hours,
      List<UserRows> days,
      Instant firstDay,
      Map<Integer, UserRows> rest) {
    List<List<Part>> parts = new ArrayList<>(buckets);
    for (int bucket = 0; bucket < buckets; bucket++) {
      parts.add(new ArrayList<>());
    }
    for (HourOfDays each : hours) {
      int some = (1 << each.toHour()) - (1 << each.fromHour());
      int from = (int) Duration.between(firstDay, each.days().from()).toDays();
      int to = from + (int) ChronoUnit.DAYS.between(each.days().from(), each.days().to());
      days.subList(from, to).forEach(day -> parts.get(each.bucket()).add(new Part(day, some)));
    }
    rest.forEach((bucket, rows) -> parts.get(bucket).add(new Part(rows, UserRows.ALL_DAY)));
    return count(parts);
  }

  private static ActiveUsers count(List<List<Part>> parts) {
    Seen seen = new Seen();
    List<Long> byBucket = new ArrayList<>(parts.size());
    for (int bucket = 0; bucket < parts.size(); bucket++) {
      long users = 0;
      for (Part part : parts.get(bucket)) {
        users += seen.add(part, bucket);
      }
      byBucket.add(users);
    }
    return new ActiveUsers(byBucket, seen.users.size(), seen.costedUsers);
  }

  /** Users so far. */
  private static final class Seen {
    private static final int NEVER = -1;

    private final IdPlaces users = new IdPlaces();
    private int[] lastBucket = new int[0];
    private boolean[] costed = new boolean[0];
    private long costedUsers;

    /** Adds users; how many of them are new to the bucket, of which all parts come in a row. */
    long add(Part part, int bucket) {
      UserRows rows = part.rows();
      long fresh = 0;
      makeRoom(users.size() + rows.size());
      for (int row = 0; row < rows.size(); row++) {
        if (rows.wasActive(row, part.hours())) {
          int place = users.of(rows.user(row));
          if (lastBucket[place] != bucket) {
            lastBucket[place] = bucket;
            fresh++;
          }
          if (!costed[place] && rows.wasCosted(row, part.hours())) {
            costed[place] = true;
            costedUsers++;
          }
        }
      }
      return fresh;
    }

    private void makeRoom(int places) {
      int had = lastBucket.length;
      if (places > had) {
        lastBucket = Arrays.copyOf(lastBucket, 2 * places);
        Arrays.fill(lastBucket, had, lastBucket.length, NEVER);
        costed = Arrays.copyOf(costed, lastBucket.length);
      }
    }
  }
}
