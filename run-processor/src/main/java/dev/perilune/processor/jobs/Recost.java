package dev.perilune.processor.jobs;

import dev.perilune.processor.pricing.CostCalculator;
import dev.perilune.processor.pricing.CostCalculator.Cost;
import dev.perilune.processor.pricing.ModelPrice;
import dev.perilune.processor.pricing.ModelPrice.Unit;
import dev.perilune.processor.pricing.ModelPrices;
import dev.perilune.processor.store.JobSql;
import dev.perilune.processor.store.JobSql.Job;
import dev.perilune.processor.store.PriceSql;
import dev.perilune.processor.store.RecostSql;
import dev.perilune.processor.store.RecostSql.Costed;
import dev.perilune.processor.store.RecostSql.NewCost;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.RunSql.Texts;
import dev.perilune.processor.store.Tx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives the runs of an organisation the cost that they would have if they were reported today, or
 * only tells what would change. Token counts stay.
 *
 * <p>It walks through the runs in steps, one transaction each. Runs are read without a lock first;
 * those whose cost is another are locked, read again and written with the difference in the
 * figures, so that a processor that changes one of them meanwhile comes before or after. A walk
 * uses the prices as they were read before it; when they are others at its end, it begins again.
 */
final class Recost {
  static final String REFRESH = "refresh-costs";
  static final String PREVIEW = "refresh-costs-preview";

  private static final List<String> TYPES = List.of("llm", "embed");
  private static final int MOST_WALKS = 5;
  private static final int TEXTS_AT_ONCE = 50;
  private static final Texts NO_TEXTS = new Texts(null, null, null);

  private final JobSql jobs;
  private final Job job;
  private final int runsAtOnce;
  private final Duration pricesSettle;
  private final List<ModelPrice> rows;
  private final ModelPrices prices;

  /**
   * Takes the prices in force.
   *
   * @param pricesSettle how long processors may use older ones
   */
  Recost(Tx tx, JobSql jobs, Job job, int runsAtOnce, Duration pricesSettle) {
    this.jobs = jobs;
    this.job = job;
    this.runsAtOnce = runsAtOnce;
    this.pricesSettle = pricesSettle;
    this.rows = prices(tx);
    this.prices = new ModelPrices(rows);
  }

  /**
   * Does the next step.
   *
   * @param state where to go on; null at the start
   * @return where to go on then; null when the job is done, or is to be gone on with later
   * @throws JobLost if the job was deleted or is another worker's by now
   */
  @Nullable String step(Tx tx, @Nullable String state) {
    List<UUID> projects = RecostSql.projects(tx, job.org());
    RecostProgress progress =
        state == null
            ? begin(tx, projects, 0, mark(rows), new RecostReport())
            : RecostProgress.parse(state);
    Next next = next(progress, projects);
    if (next == null) {
      return finish(tx, progress, projects);
    }
    return kept(tx, look(tx, next.project(), next.progress()));
  }

  private RecostProgress look(Tx tx, UUID project, RecostProgress progress) {
    String type = TYPES.get(progress.type());
    List<Costed> page = RecostSql.page(tx, project, type, progress.place(project), runsAtOnce);
    change(tx, project, page, progress.report());
    return page.size() == runsAtOnce
        ? progress.after(page.get(page.size() - 1).place(), page.size())
        : progress.after(progress.place(project), page.size()).at(project, progress.type() + 1);
  }

  private static RecostProgress begin(
      Tx tx, List<UUID> projects, int walks, UUID prices, RecostReport report) {
    return RecostProgress.begin(RecostSql.count(tx, projects, TYPES), walks, prices, report);
  }

  private record Next(UUID project, RecostProgress progress) {}

  /** Where the walk is, stepped over to the next project where one is through; null at the end. */
  private static @Nullable Next next(RecostProgress progress, List<UUID> projects) {
    UUID current = progress.project();
    if (current != null && progress.type() < TYPES.size() && projects.contains(current)) {
      return new Next(current, progress);
    }
    // ids in Postgres' order, which is that of their text
    return projects.stream()
        .filter(id -> current == null || id.toString().compareTo(current.toString()) > 0)
        .findFirst()
        .map(id -> new Next(id, progress.at(id, 0)))
        .orElse(null);
  }

  private @Nullable String finish(Tx tx, RecostProgress progress, List<UUID> projects) {
    List<ModelPrice> now = prices(tx);
    if (!mark(now).equals(progress.prices()) && progress.walks() < MOST_WALKS) {
      RecostProgress again =
          begin(tx, projects, progress.walks() + 1, mark(now), progress.report());
      if (!jobs.postpone(tx, job, again.percent(), again.json(), pricesSettle)) {
        throw new JobLost();
      }
      return null;
    }
    if (!jobs.done(tx, job, progress.report().json(progress.seen()))) {
      throw new JobLost();
    }
    return null;
  }

  private String kept(Tx tx, RecostProgress progress) {
    String state = progress.json();
    if (!jobs.step(tx, job, progress.percent(), state)) {
      throw new JobLost();
    }
    return state;
  }

  private List<ModelPrice> prices(Tx tx) {
    return PriceSql.all(tx).stream()
        .filter(price -> price.org() == null || price.org().equals(job.org()))
        .toList();
  }

  /** Equal for equal prices, in this process and in others. */
  private static UUID mark(List<ModelPrice> prices) {
    return UUID.nameUUIDFromBytes(prices.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void change(Tx tx, UUID project, List<Costed> page, RecostReport report) {
    List<Priced> stale = stale(tx, page);
    if (job.type().equals(PREVIEW)) {
      stale.forEach(run -> run.addTo(report));
      return;
    }
    List<Priced> changed =
        stale(tx, RecostSql.locked(tx, stale.stream().map(run -> run.run().place()).toList()));
    RecostSql.write(tx, project, changed.stream().map(Priced::write).toList());
    changed.forEach(run -> run.addTo(report));
  }

  private record Priced(Costed run, @Nullable Cost cost) {
    boolean isChanged() {
      return cost == null
          ? run.cost() != null || run.priceId() != null
          : run.cost() == null
              || run.cost().compareTo(cost.usd()) != 0
              || !Objects.equals(cost.priceId(), run.priceId());
    }

    NewCost write() {
      return new NewCost(
          run.place(), cost == null ? null : cost.usd(), cost == null ? null : cost.priceId());
    }

    /** Another row of the table with the same price is no change to tell. */
    void addTo(RecostReport report) {
      BigDecimal usd = cost == null ? null : cost.usd();
      boolean same =
          usd == null ? run.cost() == null : run.cost() != null && usd.compareTo(run.cost()) == 0;
      if (!same) {
        report.add(run.name(), run.cost(), usd);
      }
    }
  }

  /** Those whose cost is another by today's prices. */
  private List<Priced> stale(Tx tx, List<Costed> runs) {
    List<Priced> stale = new ArrayList<>();
    List<Costed> byText = new ArrayList<>();
    for (Costed run : runs) {
      if (!isPricedByText(run)) {
        stale.add(new Priced(run, cost(run, NO_TEXTS)));
      } else if (!run.deleted()) {
        byText.add(run);
      }
    }
    for (int from = 0; from < byText.size(); from += TEXTS_AT_ONCE) {
      List<Costed> some = byText.subList(from, Math.min(from + TEXTS_AT_ONCE, byText.size()));
      var texts = RunSql.texts(tx, some.stream().map(Costed::place).toList());
      for (Costed run : some) {
        stale.add(new Priced(run, cost(run, texts.getOrDefault(run.place().key(), NO_TEXTS))));
      }
    }
    stale.removeIf(run -> !run.isChanged());
    return stale;
  }

  private boolean isPricedByText(Costed run) {
    return run.name() != null
        && prices
            .find(job.org(), run.name(), instant(run.place().createdAtMicros()))
            .filter(price -> price.unit() == Unit.CHARACTERS)
            .isPresent();
  }

  private @Nullable Cost cost(Costed run, Texts texts) {
    return run.noted()
        .cost(
            prices,
            new CostCalculator.Run(
                job.org(),
                run.type(),
                run.status(),
                run.name(),
                instant(run.place().createdAtMicros()),
                run.endedAtMicros() == null ? null : instant(run.endedAtMicros()),
                run.usage(),
                texts.input(),
                texts.output()));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
