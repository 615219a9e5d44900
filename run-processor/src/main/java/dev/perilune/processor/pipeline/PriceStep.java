package dev.perilune.processor.pipeline;

import dev.perilune.model.ReportedUsage;
import dev.perilune.model.RunKey;
import dev.perilune.model.RunStatus;
import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.pricing.CostCalculator;
import dev.perilune.processor.pricing.CostCalculator.Cost;
import dev.perilune.processor.pricing.ModelPrice;
import dev.perilune.processor.pricing.ModelPrice.Unit;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.pricing.NotedCost;
import dev.perilune.processor.pricing.tokens.TokenUsage;
import dev.perilune.processor.pricing.tokens.UsageCounter;
import dev.perilune.processor.pricing.tokens.UsageRules;
import dev.perilune.processor.store.Payload;
import dev.perilune.processor.store.Payload.Part;
import dev.perilune.processor.store.RunChange.Place;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.RunSql.Texts;
import dev.perilune.processor.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Works out tokens and cost of the runs whose start, end or report changed. */
final class PriceStep {
  private static final String LLM = "llm";
  private static final String EMBED = "embed";
  private static final String RESPONSE_MODEL = "responseModel";
  private static final String REPORTED_COST = "reportedCost";
  private static final Texts NOTHING = new Texts(null, null, null);

  private final ModelPrices prices;
  private final UsageCounter counter;

  PriceStep(ModelPrices prices, UsageCounter counter) {
    this.prices = prices;
    this.counter = counter;
  }

  void run(Tx tx, Batch batch) {
    List<RunState> stale =
        batch.states.values().stream().filter(run -> run.priced.stale && run.exists()).toList();
    Map<RunKey, TokenUsage> reported = new HashMap<>();
    Set<Place> needTexts = new HashSet<>();
    for (RunState run : stale) {
      TokenUsage usage = reported(run);
      reported.put(run.key, usage);
      if (run.stored != null && (isToCount(run, usage) || isPricedByText(batch, run))) {
        needTexts.add(run.stored.place());
      }
    }
    Map<RunKey, Texts> stored = RunSql.texts(tx, needTexts);
    for (RunState run : stale) {
      Texts texts = texts(run.payload, stored.getOrDefault(run.key, NOTHING));
      price(batch, run, reported.get(run.key), texts);
    }
  }

  private void price(Batch batch, RunState run, TokenUsage reported, Texts texts) {
    TokenUsage usage =
        isToCount(run, reported)
            ? counter.complete(reported, run.name, texts.input(), texts.output(), texts.params())
            : reported;
    CostCalculator.Run call =
        new CostCalculator.Run(
            batch.orgs.get(run.key.project()),
            run.type,
            run.status,
            run.name,
            instant(run.createdAtMicros),
            run.endedAtMicros == null ? null : instant(run.endedAtMicros),
            usage,
            texts.input(),
            texts.output());
    charge(run, call);
    run.priced.promptTokens = usage.prompt();
    run.priced.completionTokens = usage.completion();
    run.priced.cachedPromptTokens = usage.cachedPrompt();
    run.priced.counted = (usage.promptCounted() ? 1 : 0) + (usage.completionCounted() ? 2 : 0);
    run.changed = true;
  }

  private void charge(RunState run, CostCalculator.Run call) {
    Cost cost = noted(run.labels.metadata).cost(prices, call);
    run.priced.costUsd = cost == null ? null : cost.usd();
    run.priced.priceId = cost == null ? null : cost.priceId();
  }

  private static NotedCost noted(@Nullable String metadata) {
    if (metadata == null
        || !metadata.contains(RESPONSE_MODEL) && !metadata.contains(REPORTED_COST)) {
      return NotedCost.NOTHING;
    }
    Map<String, String> noted = Metadata.fields(metadata);
    return new NotedCost(
        Metadata.text(noted.get(RESPONSE_MODEL)), Metadata.text(noted.get(REPORTED_COST)));
  }

  /** Only model calls that succeeded are counted, and never what its owner wanted hidden. */
  private static boolean isToCount(RunState run, TokenUsage usage) {
    return LLM.equals(run.type)
        && RunStatus.SUCCESS.wireName().equals(run.status)
        && run.fold.start != null
        && !run.fold.hidden
        && (isMissing(usage.prompt()) || isMissing(usage.completion()));
  }

  private boolean isPricedByText(Batch batch, RunState run) {
    return run.name != null
        && prices
            .find(batch.orgs.get(run.key.project()), run.name, instant(run.createdAtMicros))
            .map(ModelPrice::unit)
            .filter(unit -> unit == Unit.CHARACTERS)
            .isPresent();
  }

  private static boolean isMissing(@Nullable Integer count) {
    return count == null || count == 0;
  }

  private static TokenUsage reported(RunState run) {
    boolean isCall = LLM.equals(run.type) || EMBED.equals(run.type);
    ReportedUsage reported = run.fold.reportedUsage(isCall);
    return reported == null
        ? TokenUsage.UNKNOWN
        : UsageRules.settle(reported, Metadata.fields(run.labels.metadata));
  }

  private static Texts texts(Payload given, Texts stored) {
    return new Texts(
        given.isSet(Part.INPUT) ? given.get(Part.INPUT) : stored.input(),
        given.isSet(Part.OUTPUT) ? given.get(Part.OUTPUT) : stored.output(),
        given.isSet(Part.PARAMS) ? given.get(Part.PARAMS) : stored.params());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
