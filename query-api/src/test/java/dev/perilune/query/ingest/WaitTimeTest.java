package dev.perilune.query.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perilune.runtime.http.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitTimeTest {

  @ParameterizedTest
  @CsvSource({"5s,5000", "500ms,500", "5,5000", "0,0", "30s,30000", "30000ms,30000"})
  void timesAreReadInThreeForms(String text, long millis) {
    assertEquals(Duration.ofMillis(millis), WaitTime.parse(text));
  }

  @Test
  void nothingIsNoWait() {
    assertEquals(Duration.ZERO, WaitTime.parse(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"31s", "30001ms", "-1s", "5m", "soon", "1.5s", "99999999s", " 5s"})
  void otherTimesAreRefused(String text) {
    assertThrows(Problem.Invalid.class, () -> WaitTime.parse(text));
  }
}
