package dev.perilune.processor.pricing;

import dev.perilune.processor.pricing.ModelPrice.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The price table that comes with the product, {@code model-prices.csv} beside this class: one row
 * a line, no quoting; empty prices are unknown.
 */
public final class DefaultPrices {
  private static final String FILE = "model-prices.csv";
  private static final int COLUMNS = 8;

  private DefaultPrices() {}

  /** All rows; a row keeps its id from release to release as long as name and start date stay. */
  public static List<ModelPrice> rows() {
    InputStream file = Objects.requireNonNull(DefaultPrices.class.getResourceAsStream(FILE), FILE);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      Map<String, Integer> seen = new HashMap<>();
      return lines.lines().skip(1).map(line -> row(line, seen)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelPrice row(String line, Map<String, Integer> seen) {
    String[] cells = line.split(",", -1);
    if (cells.length != COLUMNS) {
      throw new IllegalStateException(
          "A row of %s must have %d columns: %s".formatted(FILE, COLUMNS, line));
    }
    BigDecimal input = decimal(cells[3]);
    return new ModelPrice(
        idOf(cells[0] + "@" + cells[6], seen),
        null,
        cells[0],
        cells[1],
        Unit.valueOf(cells[2]),
        input,
        decimal(cells[4]),
        reduction(input, decimal(cells[5])),
        LocalDate.parse(cells[6]).atStartOfDay(ZoneOffset.UTC).toInstant(),
        cells[7].isEmpty() ? null : cells[7]);
  }

  /** Two rows may share name and date, with patterns that share no name; they are numbered. */
  private static UUID idOf(String nameAndDate, Map<String, Integer> seen) {
    int number = seen.merge(nameAndDate, 1, Integer::sum);
    String key = "model-price/" + nameAndDate + (number == 1 ? "" : "#" + number);
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable BigDecimal reduction(
      @Nullable BigDecimal input, @Nullable BigDecimal cached) {
    return input == null || cached == null ? null : input.subtract(cached);
  }

  private static @Nullable BigDecimal decimal(String cell) {
    return cell.isEmpty() ? null : new BigDecimal(cell);
  }
}
