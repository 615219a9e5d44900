package dev.perilune.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedUsageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 12",
        "12.6 | 13",
        "0 | 0",
        "-0 | 0",
        "\"12\" | 12",
        "\" 1.5e3 \" | 1500",
        "4000000000 | 2147483647",
        "\"99999999999999999999999\" | 2147483647",
        "1e300 | 2147483647",
      })
  void numbersAndTheirTextsAreCounts(String json, int count) {
    assertEquals(count, ReportedUsage.count(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "\"-1\"",
        "\"\"",
        "NaN",
        "Infinity",
        "\"NaN\"",
        "\"Infinity\"",
        "\"0x10\"",
        "\"12d\"",
        "null",
        "true",
        "{}",
        "[1]",
        "1e400",
        "\"1e999\"",
        "\"many\""
      })
  void everythingElseIsNoCount(String json) {
    assertNull(ReportedUsage.count(json));
  }

  @Test
  void nothingIsNoCount() {
    assertNull(ReportedUsage.count(null));
  }
}
