package dev.perilune.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2024-01-01T00:00:00.123456+00:00, 1704067200123456",
    "2024-01-01T00:00:00Z,             1704067200000000",
    "2024-01-01T00:00:00,              1704067200000000",
    "2024-01-01 00:00,                 1704067200000000",
    "2024-01-01T02:00:00+02:00,        1704067200000000",
    "2023-12-31T19:00:00-0500,         1704067200000000",
    "2024-01-01,                       1704067200000000",
    "2024-01-01T00:00:00.123456789Z,   1704067200123456",
    "1970-01-01T00:00:00Z,             0",
    "2099-12-31T23:59:59.999Z,         4102444799999000",
    "'Mon, 01 Jan 2024 00:00:00 GMT',  1704067200000000",
    "1704067200000,                    1704067200000000",
  })
  void readsDateTexts(String text, long micros) {
    assertEquals(micros, EventTime.ofText(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "2024-13-01",
        "2024-02-30T00:00:00Z",
        "2024-01-01T",
        "2024-01-01T00:00:00+",
        "2024-01-01Tx"
      })
  void refusesOtherTexts(String text) {
    assertEquals(EventTime.NONE, EventTime.ofText(text));
  }

  @ParameterizedTest
  @CsvSource({"1704067200000, 1704067200000000", "1704067200, 1704067200000000", "0, 0"})
  void readsMillisecondsAndSmallNumbersAsSeconds(double number, long micros) {
    assertEquals(micros, EventTime.ofNumber(number));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e300, -1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesNumbersOutsideTheCalendar(double number) {
    assertEquals(EventTime.NONE, EventTime.ofNumber(number));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        1_000,
        1_704_067_200_123_456L,
        1_704_067_200_120_000L,
        1_709_251_199_000_000L,
        -1,
        EventTime.FIRST,
        EventTime.LAST
      })
  void writesTimesAsInstantDoes(long micros) {
    assertEquals(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString(), EventTime.text(micros));
  }
}
