package dev.perilune.standalone.crash;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run must look like in the end; {@code null} where it must have nothing.
 *
 * @param parent as declared
 * @param user external id of the user that it counts for
 * @param costUsd without trailing zeros
 * @param input texts of what came in, separated by a bar
 */
record RunFacts(
    String type,
    @Nullable String status,
    @Nullable UUID parent,
    @Nullable String parentType,
    @Nullable UUID sibling,
    @Nullable String user,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    @Nullable BigDecimal costUsd,
    @Nullable String thumb,
    @Nullable String input,
    @Nullable String output) {

  RunFacts {
    costUsd = costUsd == null ? null : costUsd.stripTrailingZeros();
  }

  static RunFacts of(String type, @Nullable String status) {
    return new RunFacts(type, status, null, null, null, null, null, null, null, null, null, null);
  }

  RunFacts under(@Nullable UUID parent, @Nullable String parentType) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }

  RunFacts retrying(@Nullable UUID sibling) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }

  RunFacts by(@Nullable String user) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }

  RunFacts costing(int promptTokens, int completionTokens, BigDecimal costUsd) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }

  RunFacts judged(@Nullable String thumb) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }

  RunFacts saying(@Nullable String input, @Nullable String output) {
    return new RunFacts(
        type,
        status,
        parent,
        parentType,
        sibling,
        user,
        promptTokens,
        completionTokens,
        costUsd,
        thumb,
        input,
        output);
  }
}
