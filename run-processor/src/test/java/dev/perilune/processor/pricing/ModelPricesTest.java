package dev.perilune.processor.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.perilune.processor.pricing.ModelPrice.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPricesTest {
  private static final UUID ORG = UUID.fromString("11111111-1111-4111-8111-111111111111");
  private static final UUID OTHER_ORG = UUID.fromString("22222222-2222-4222-8222-222222222222");
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2025-06-01T00:00:00Z");
  private static final Instant DECEMBER = Instant.parse("2025-12-01T00:00:00Z");

  @Test
  void anOrganisationsOwnPriceComesBeforeNewerAndLongerDefaults() {
    ModelPrice own = price(ORG, "m", "m", ALWAYS);
    ModelPrice shipped = price(null, "my-model", "my-model", JUNE);
    ModelPrices prices = new ModelPrices(List.of(shipped, own));

    assertEquals(Optional.of(own), prices.find(ORG, "my-model", DECEMBER));
    assertEquals(Optional.of(shipped), prices.find(OTHER_ORG, "my-model", DECEMBER));
    assertEquals(Optional.of(shipped), prices.find(null, "my-model", DECEMBER));
  }

  @Test
  void aPriceHoldsFromItsFirstMomentOn() {
    ModelPrice old = price(null, "m", "m", ALWAYS);
    ModelPrice current = price(null, "m", "m", JUNE);
    ModelPrices prices = new ModelPrices(List.of(old, current));

    assertEquals(Optional.of(old), prices.find(ORG, "m", JUNE.minusNanos(1_000)));
    assertEquals(Optional.of(current), prices.find(ORG, "m", JUNE));
    assertEquals(Optional.empty(), prices.find(ORG, "m", ALWAYS.minusMillis(1)));
  }

  @Test
  void anOwnPriceOfTheFutureLeavesTheRunToTheDefault() {
    ModelPrice own = price(ORG, "m", "m", DECEMBER);
    ModelPrice shipped = price(null, "m", "m", ALWAYS);

    assertEquals(Optional.of(shipped), new ModelPrices(List.of(own, shipped)).find(ORG, "m", JUNE));
  }

  @Test
  void theLongestNameWinsWhateverItsDate() {
    ModelPrice broad = price(null, "gpt", "gpt", JUNE);
    ModelPrice narrow = price(null, "gpt-4", "gpt-4", ALWAYS);

    assertEquals(
        Optional.of(narrow), new ModelPrices(List.of(broad, narrow)).find(ORG, "gpt-4", DECEMBER));
  }

  @Test
  void patternsAreFoundAnywhereInAnyCase() {
    ModelPrice price = price(null, "m", "4o-MINI", ALWAYS);

    assertEquals(
        Optional.of(price),
        new ModelPrices(List.of(price)).find(ORG, "azure/GPT-4o-mini-x", DECEMBER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "*", "(?:(?:(?:){99999}){99999}){99999}", "a{99999999999}"})
  void unusablePatternsAreLeftOut(String pattern) {
    ModelPrice unusable = price(ORG, "m", pattern, ALWAYS);
    ModelPrice usable = price(null, "m", "m", ALWAYS);

    assertEquals(
        Optional.of(usable), new ModelPrices(List.of(unusable, usable)).find(ORG, "m", DECEMBER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a|aa)+$",
        "(.*a){20}$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(a*)*b",
        "(?:a?){60}a{60}b",
        "(?=(a+))\\1*\\1*b",
        "((((((a|b)*)*)*)*)*)*c",
        "(?:(?:(?:){20}){20}){20}a*a*a*a*b"
      })
  void aHostilePatternCostsLittleAndLeavesTheOthersAlone(String pattern) {
    ModelPrice hostile = price(ORG, "m", pattern, ALWAYS);
    ModelPrice usable = price(null, "m", "a!$", ALWAYS);
    ModelPrices prices = new ModelPrices(List.of(hostile, usable));
    String name = "a".repeat(500) + "!";

    Optional<ModelPrice> found =
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> prices.find(ORG, name, DECEMBER));

    assertEquals(Optional.of(usable), found);
  }

  @Test
  void aNameThatIsNoneHasNoPrice() {
    ModelPrices prices = new ModelPrices(List.of(price(null, "m", "", ALWAYS)));

    assertEquals(Optional.empty(), prices.find(ORG, "", DECEMBER));
    assertEquals(Optional.empty(), prices.find(ORG, "m".repeat(1_000_000), DECEMBER));
  }

  private static ModelPrice price(
      @Nullable UUID org, String name, String pattern, Instant startDate) {
    return new ModelPrice(
        UUID.randomUUID(),
        org,
        name,
        pattern,
        Unit.TOKENS,
        BigDecimal.ONE,
        BigDecimal.ONE,
        null,
        startDate,
        null);
  }
}
