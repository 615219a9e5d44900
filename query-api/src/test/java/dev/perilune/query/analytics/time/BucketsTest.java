package dev.perilune.query.analytics.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketsTest {

  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the contract's windows
        "DAILY   | America/New_York | 2024-11-01T04:00:00Z | 2024-11-06T04:59:59Z | 11-01 11-02 11-03 11-04 11-05",
        "WEEKLY  | UTC | 2024-05-01T00:00:00Z | 2024-05-06T12:00:00Z | 04-29 05-06",
        "MONTHLY | UTC | 2024-01-31T00:00:00Z | 2024-03-15T00:00:00Z | 01-01 02-01 03-01",
        "DAILY   | UTC | 2024-05-01T15:00:00Z | 2024-05-03T10:00:00Z | 05-01 05-02 05-03",
        "DAILY   | UTC | 2024-05-01T00:00:00Z | 2024-05-03T00:00:00Z | 05-01 05-02 05-03",
        "DAILY   | UTC | 2024-05-01T00:00:00Z | 2024-05-01T00:00:00Z | 05-01",
        "DAILY   | UTC | 2024-05-02T00:00:00Z | 2024-05-01T00:00:00Z | ''",
        // a day that a country left out, and the last day of a year in weeks
        "DAILY   | Pacific/Apia | 2011-12-29T10:00:00Z | 2011-12-31T09:00:00Z | 12-29 12-31",
        "WEEKLY  | Asia/Kolkata | 2024-12-29T18:29:59Z | 2024-12-29T18:30:00Z | 12-23 12-30",
        "MONTHLY | Asia/Kathmandu | 2024-04-30T18:14:59Z | 2024-04-30T18:15:00Z | 04-01 05-01",
      })
  void everyLocalPeriodIsThereOnce(
      Granularity granularity, String zone, Instant from, Instant to, String labels) {
    Buckets buckets = Buckets.of(new Window(from, to), ZoneId.of(zone), granularity, LATER);
    List<String> shown =
        buckets.labels().stream().map(label -> label.toString().substring(5, 10)).toList();
    assertEquals(labels, String.join(" ", shown));
  }

  @Test
  void theRepeatedHourOfAutumnIsOneBucket() {
    Buckets buckets = hours("America/New_York", "2024-11-03T04:00:00Z", "2024-11-03T07:30:00Z");
    assertEquals(List.of("00:00", "01:00", "02:00"), times(buckets));
    assertEquals(
        List.of("2024-11-03T04:00:00Z", "2024-11-03T05:00:00Z", "2024-11-03T07:00:00Z"),
        buckets.edges().stream().map(Instant::toString).toList());
  }

  @Test
  void theSkippedHourOfSpringIsNoBucket() {
    Buckets buckets = hours("Europe/Paris", "2024-03-31T00:00:00Z", "2024-03-31T02:30:00Z");
    assertEquals(List.of("01:00", "03:00", "04:00"), times(buckets));
  }

  @Test
  void halfHoursOfSummerTimeMakeLongAndShortHours() {
    Buckets autumn = hours("Australia/Lord_Howe", "2024-04-06T14:00:00Z", "2024-04-06T16:00:00Z");
    assertEquals(List.of("01:00", "02:00"), times(autumn));
    assertEquals("2024-04-06T15:30:00Z", autumn.edges().get(1).toString());
    Buckets spring = hours("Australia/Lord_Howe", "2024-10-05T14:30:00Z", "2024-10-05T16:30:00Z");
    assertEquals(List.of("01:00", "02:00", "03:00"), times(spring));
    assertEquals("2024-10-05T16:00:00Z", spring.edges().get(2).toString());
  }

  @Test
  void aClockPutBackOverMidnightReturnsToTheDayBefore() {
    // at one minute past midnight the clocks of Newfoundland went back to 23:01
    Buckets buckets =
        Buckets.of(
            new Window(
                Instant.parse("2010-11-06T12:00:00Z"), Instant.parse("2010-11-07T12:00:00Z")),
            ZoneId.of("America/St_Johns"),
            Granularity.DAILY,
            LATER);
    assertEquals(2, buckets.labels().size());
    assertEquals(List.of(0, 1, 0, 1), buckets.ordinals());
  }

  @Test
  void theFutureHasNoBuckets() {
    Instant now = Instant.parse("2024-05-02T10:30:00Z");
    Window window = new Window(Instant.parse("2024-05-01T00:00:00Z"), LATER);
    Buckets buckets = Buckets.of(window, ZoneId.of("UTC"), Granularity.DAILY, now);
    assertEquals(2, buckets.labels().size());
    assertEquals("2024-05-03T00:00:00Z", buckets.window().to().toString());
    assertTrue(
        Buckets.of(
                new Window(LATER, LATER.plusSeconds(1)), ZoneId.of("UTC"), Granularity.DAILY, now)
            .isEmpty());
  }

  @Test
  void moreBucketsThanAnAnswerHoldsAreRefused() {
    assertThrows(
        Buckets.TooMany.class, () -> hours("UTC", "2020-01-01T00:00:00Z", "2024-01-01T00:00:00Z"));
  }

  @Test
  void everyInstantIsInTheBucketOfItsLocalTime() {
    Random random = new Random(7);
    List<String> zones = new TreeSet<>(ZoneId.getAvailableZoneIds()).stream().toList();
    for (int round = 0; round < 300; round++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Granularity granularity = Granularity.values()[random.nextInt(4)];
      Instant from = Instant.ofEpochSecond(random.nextLong(0, 1_900_000_000L));
      Duration length = Duration.ofSeconds(random.nextLong(1, 40 * 86_400L));
      Window window = new Window(from, from.plus(length));
      Buckets buckets = Buckets.of(window, zone, granularity, Instant.MAX);
      for (int i = 0; i < 50; i++) {
        Instant at = from.plusSeconds(random.nextLong(length.toSeconds()));
        LocalDateTime label = granularity.floor(LocalDateTime.ofInstant(at, zone));
        assertEquals(label, labelAt(buckets, at), zone + " " + granularity + " " + at);
      }
    }
  }

  private static LocalDateTime labelAt(Buckets buckets, Instant at) {
    int edge = buckets.edges().size() - 1;
    while (buckets.edges().get(edge).isAfter(at)) {
      edge--;
    }
    return buckets.labels().get(buckets.ordinals().get(edge));
  }

  private static Buckets hours(String zone, String from, String to) {
    Window window = new Window(Instant.parse(from), Instant.parse(to));
    return Buckets.of(window, ZoneId.of(zone), Granularity.HOURLY, LATER);
  }

  private static List<String> times(Buckets buckets) {
    return buckets.labels().stream().map(label -> label.toLocalTime().toString()).toList();
  }
}
