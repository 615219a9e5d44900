package dev.perilune.processor.pricing;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.NamePattern;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultPricesTest {
  private static final List<ModelPrice> ROWS = DefaultPrices.rows();
  private static final ModelPrices PRICES = new ModelPrices(ROWS);
  private static final Map<ModelPrice, NamePattern> PATTERNS =
      ROWS.stream().collect(toMap(identity(), row -> NamePattern.of(row.pattern()).orElseThrow()));

  /**
   * Rows whose name is a heading for what the pattern lists, not one of the names that it finds.
   */
  private static final Pattern HEADINGS =
      Pattern.compile(
          "bedrock/amazon\\.titan-.*|bedrock/regional-.*|bedrock-regional/.*|c4ai-aya-.*|codestral"
              + "|embed-v3\\.0|ft:(?:babbage-002|davinci-002|gpt-4o|gpt-4o-mini)"
              + "|mistral-medium-3-1|pixtral-large");

  @ParameterizedTest
  @CsvFileSource(resources = "resolution-vectors.csv", useHeadersInDisplayName = true)
  void namesFindTheRowsOfTheContract(
      String model,
      LocalDate start,
      @Nullable String row,
      @Nullable BigDecimal input,
      @Nullable BigDecimal output,
      @Nullable BigDecimal cached) {
    ModelPrice price =
        PRICES.find(null, model, start.atStartOfDay(ZoneOffset.UTC).toInstant()).orElse(null);

    if (row == null) {
      assertNull(price);
      return;
    }
    assertEquals(row, price.name());
    assertEquals(input, price.inputPerMillion());
    assertEquals(output, price.outputPerMillion());
    assertEquals(
        cached == null ? null : input.subtract(cached).stripTrailingZeros(),
        price.cachedReductionPerMillion() == null
            ? null
            : price.cachedReductionPerMillion().stripTrailingZeros());
  }

  static Stream<ModelPrice> rows() {
    return ROWS.stream();
  }

  @Test
  void everyRowIsThereWithAnIdOfItsOwn() {
    Set<UUID> ids = ROWS.stream().map(ModelPrice::id).collect(Collectors.toSet());

    assertEquals(458, ROWS.size());
    assertEquals(ROWS.size(), ids.size());
    assertEquals(ROWS, DefaultPrices.rows());
  }

  @Test
  void idsStayTheSameFromReleaseToRelease() {
    ModelPrice first = ROWS.get(0);

    assertEquals("ada", first.name());
    assertEquals(UUID.nameUUIDFromBytes("model-price/ada@2020-01-01".getBytes()), first.id());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyPatternIsUsableAndAnchored(ModelPrice row) {
    assertTrue(NamePattern.of(row.pattern()).isPresent(), row::pattern);
    assertTrue(row.pattern().startsWith("^") && row.pattern().endsWith("$"), row::pattern);
  }

  static Stream<ModelPrice> namedRows() {
    return ROWS.stream().filter(row -> !HEADINGS.matcher(row.name()).matches());
  }

  @ParameterizedTest
  @MethodSource("namedRows")
  void everyNameFindsItsOwnRowFromItsFirstDayOn(ModelPrice row) {
    assertEquals(
        Optional.of(row.name()),
        PRICES.find(null, row.name(), row.startDate()).map(ModelPrice::name));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void noNameIsFoundByTwoPatternsOfOneDay(ModelPrice row) {
    for (String name : spellings(row.name())) {
      Map<Instant, List<String>> byDay =
          ROWS.stream()
              .filter(other -> PATTERNS.get(other).isIn(name))
              .collect(groupingBy(ModelPrice::startDate, mapping(ModelPrice::name, toList())));

      byDay.forEach((day, found) -> assertEquals(1, found.size(), () -> name + ": " + found));
    }
  }

  private static List<String> spellings(String name) {
    String bare = name.substring(name.lastIndexOf('/') + 1);
    return List.of(
        name,
        name.toUpperCase(Locale.ROOT),
        "openai/" + bare,
        "azure/" + bare,
        "anthropic." + bare + "-v1:0",
        "us.anthropic." + bare + "-v1:0",
        bare + "-latest",
        bare + "-20250929");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void pricesAreSane(ModelPrice row) {
    BigDecimal input = row.inputPerMillion();
    BigDecimal reduction = row.cachedReductionPerMillion();

    assertTrue(input != null && input.signum() >= 0);
    assertTrue(row.outputPerMillion() == null || row.outputPerMillion().signum() >= 0);
    assertTrue(
        reduction == null || reduction.signum() >= 0 && reduction.compareTo(input) <= 0,
        row::toString);
  }
}
