package dev.perilune.processor.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.processor.pricing.CostCalculator.Cost;
import dev.perilune.processor.pricing.CostCalculator.Run;
import dev.perilune.processor.pricing.ModelPrice.Unit;
import dev.perilune.processor.pricing.tokens.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class CostCalculatorTest {
  private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
  private static final ModelPrices SHIPPED = new ModelPrices(DefaultPrices.rows());

  @ParameterizedTest
  @CsvFileSource(resources = "cost-vectors.csv", useHeadersInDisplayName = true)
  void costsAreThoseOfTheContract(
      String model, int prompt, int cached, int completion, @Nullable BigDecimal usd) {
    Cost cost =
        CostCalculator.cost(SHIPPED, run(model, new TokenUsage(prompt, completion, cached)));

    assertEquals(usd, cost == null ? null : cost.usd());
  }

  @ParameterizedTest
  @CsvSource({
    "llm, success, 10000, true",
    "embed, success, 10000, true",
    "llm, success, 9999, false",
    "llm, success, 0, false",
    "llm, success, -50000, false",
    "llm, error, 2000000, false",
    "llm, , 2000000, false",
    "chain, success, 2000000, false",
    "chat, success, 2000000, false",
  })
  void onlyModelCallsThatSucceededAndTookTimeCost(
      String type, @Nullable String status, long micros, boolean priced) {
    Instant end = START.plusNanos(micros * 1_000);
    Run run = new Run(null, type, status, "gpt-4o", START, end, usage(11, 14), null, null);

    assertEquals(priced, CostCalculator.cost(SHIPPED, run) != null);
  }

  @Test
  void withoutAnEndANameOrTokensTheCostIsUnknown() {
    Instant end = START.plusSeconds(2);

    assertNull(
        cost(new Run(null, "llm", "success", "gpt-4o", START, null, usage(1, 1), null, null)));
    assertNull(cost(new Run(null, "llm", "success", null, START, end, usage(1, 1), null, null)));
    assertNull(
        cost(
            new Run(null, "llm", "success", "gpt-4o", START, end, TokenUsage.UNKNOWN, null, null)));
  }

  @Test
  void tellsWhichPriceItUsed() {
    ModelPrice price = price(Unit.TOKENS, "1", "2", null);

    Cost cost = CostCalculator.cost(new ModelPrices(List.of(price)), run("m", usage(1, 1)));

    assertEquals(new Cost(new BigDecimal("0.000003"), price.id()), cost);
  }

  @ParameterizedTest
  @CsvSource({
    // unit, input, output, reduction, usd of 1000 tokens (400 cached), 500 written, 7 + 8
    // characters
    "TOKENS,       2.5,  10, 1.25, 0.007",
    "TOKENS,       2.5,    ,     , 0.0025",
    "TOKENS,          ,  10,     , 0.005",
    "TOKENS,         0,   0,    0, 0",
    "TOKENS,         1,   0,   50, 0.0006",
    "TOKENS,         1,   0,   -1, 0.001",
    "TOKENS,         1,   0, 0.000000000125, 0.00099999999995",
    "TOKENS,         0, 0.0000000000012, , 0.000000000000001",
    "CHARACTERS,    10, 100, 1.25, 0.00087",
    "MILLISECONDS, 0.1,  99,    1, 0.0001500001",
    "IMAGES,         1,   1,    1, ",
  })
  void everyUnitHasItsFormula(
      Unit unit,
      @Nullable String input,
      @Nullable String output,
      @Nullable String reduction,
      @Nullable BigDecimal usd) {
    ModelPrices prices = new ModelPrices(List.of(price(unit, input, output, reduction)));
    Instant end = START.plus(Duration.ofNanos(1_500_001_000));
    TokenUsage usage = new TokenUsage(1000, 500, 400);
    Run run =
        new Run(null, "llm", "success", "m", START, end, usage, "{ \"a\" : 1 }", "\"12345678\"");

    Cost cost = CostCalculator.cost(prices, run);

    assertEquals(usd, cost == null ? null : cost.usd());
  }

  @Test
  void noCostIsNegative() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      ModelPrice price =
          price(
              Unit.values()[random.nextInt(3)],
              String.valueOf(random.nextInt(100)),
              String.valueOf(random.nextInt(100)),
              String.valueOf(random.nextInt(200) - 50));
      TokenUsage usage =
          new TokenUsage(
              random.nextInt(Integer.MAX_VALUE),
              random.nextInt(Integer.MAX_VALUE),
              random.nextInt(Integer.MAX_VALUE));

      Cost cost = CostCalculator.cost(new ModelPrices(List.of(price)), run("m", usage));

      assertNotNull(cost);
      assertTrue(cost.usd().signum() >= 0, cost::toString);
    }
  }

  private static @Nullable Cost cost(Run run) {
    return CostCalculator.cost(SHIPPED, run);
  }

  private static TokenUsage usage(int prompt, int completion) {
    return new TokenUsage(prompt, completion, 0);
  }

  private static Run run(String model, TokenUsage usage) {
    Instant end = START.plusSeconds(2);
    return new Run(null, "llm", "success", model, START, end, usage, null, null);
  }

  private static ModelPrice price(
      Unit unit, @Nullable String input, @Nullable String output, @Nullable String reduction) {
    return new ModelPrice(
        UUID.randomUUID(),
        null,
        "m",
        "^m$",
        unit,
        decimal(input),
        decimal(output),
        decimal(reduction),
        Instant.EPOCH,
        null);
  }

  private static @Nullable BigDecimal decimal(@Nullable String text) {
    return text == null ? null : new BigDecimal(text);
  }
}
