package dev.perilune.processor.store;

import java.math.BigDecimal;
import java.math.BigInteger;

/** What runs add to the figures, or take from them. */
final class Sums {
  long runs;
  long tagged;
  long errors;
  long ended;
  BigInteger micros = BigInteger.ZERO;
  long promptTokens;
  long completionTokens;
  long cachedPromptTokens;
  BigDecimal costUsd = BigDecimal.ZERO;
  long costed;
  long thumbsUp;
  long thumbsDown;
  long userRuns;
  BigDecimal userCostUsd = BigDecimal.ZERO;

  void add(Sums other, int sign) {
    runs += sign * other.runs;
    tagged += sign * other.tagged;
    errors += sign * other.errors;
    ended += sign * other.ended;
    micros = sign > 0 ? micros.add(other.micros) : micros.subtract(other.micros);
    promptTokens += sign * other.promptTokens;
    completionTokens += sign * other.completionTokens;
    cachedPromptTokens += sign * other.cachedPromptTokens;
    costUsd = sum(costUsd, other.costUsd, sign);
    costed += sign * other.costed;
    thumbsUp += sign * other.thumbsUp;
    thumbsDown += sign * other.thumbsDown;
    userRuns += sign * other.userRuns;
    userCostUsd = sum(userCostUsd, other.userCostUsd, sign);
  }

  boolean isZero() {
    return (runs | tagged | errors | ended | thumbsUp | thumbsDown | userRuns | costed) == 0
        && (promptTokens | completionTokens | cachedPromptTokens) == 0
        && micros.signum() == 0
        && costUsd.signum() == 0
        && userCostUsd.signum() == 0;
  }

  private static BigDecimal sum(BigDecimal one, BigDecimal other, int sign) {
    return sign > 0 ? one.add(other) : one.subtract(other);
  }
}
