package dev.perilune.processor.pricing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.perilune.model.NamePattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A price table as it stood when it was read; make a new one to change prices. Thread-safe.
 *
 * <p>Of the prices whose pattern is found in a model's name and that hold at the run's start, an
 * organisation's own come first, then the longest name, then the latest start date. Patterns that
 * can't be used (see {@link NamePattern}) are left out.
 *
 * <p>The first look for a name tries every pattern (some 0.1 ms for 450 of them), later ones cost a
 * map lookup; the {@value #CACHED_NAMES} names used most are remembered.
 */
public final class ModelPrices {
  private static final int CACHED_NAMES = 20_000;

  /** Longer names are no model names. */
  private static final int LONGEST_NAME = 512;

  private static final Comparator<ModelPrice> BEST_FIRST =
      Comparator.comparing((ModelPrice price) -> price.org() == null)
          .thenComparing(price -> price.name().length(), Comparator.reverseOrder())
          .thenComparing(ModelPrice::startDate, Comparator.reverseOrder())
          .thenComparing(ModelPrice::name)
          .thenComparing(ModelPrice::id);

  private final List<Entry> entries;
  private final Cache<Key, List<ModelPrice>> candidates =
      Caffeine.newBuilder().maximumSize(CACHED_NAMES).build();

  public ModelPrices(Collection<ModelPrice> prices) {
    List<Entry> usable = new ArrayList<>();
    prices.stream()
        .sorted(BEST_FIRST)
        .forEach(
            price ->
                NamePattern.of(price.pattern())
                    .ifPresent(pattern -> usable.add(new Entry(price, pattern))));
    entries = List.copyOf(usable);
  }

  /**
   * The price of a model for an organisation's run.
   *
   * @param org {@code null} = only what is shipped with the product
   */
  public Optional<ModelPrice> find(@Nullable UUID org, String modelName, Instant runStart) {
    if (modelName.isEmpty() || modelName.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    for (ModelPrice price : candidates.get(new Key(org, modelName), this::matching)) {
      if (!price.startDate().isAfter(runStart)) {
        return Optional.of(price);
      }
    }
    return Optional.empty();
  }

  private List<ModelPrice> matching(Key key) {
    return entries.stream()
        .filter(entry -> entry.price().org() == null || entry.price().org().equals(key.org()))
        .filter(entry -> entry.pattern().isIn(key.modelName()))
        .map(Entry::price)
        .toList();
  }

  private record Key(@Nullable UUID org, String modelName) {}

  private record Entry(ModelPrice price, NamePattern pattern) {}
}
