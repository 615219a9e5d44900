package dev.perilune.processor.store;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns rows into one array a column, in the order of the statement's parameters. */
final class Columns<T> {
  private final List<T> rows;
  private final Tuple arrays = Tuple.tuple();

  private Columns(List<T> rows) {
    this.rows = rows;
  }

  static <T> Columns<T> of(List<T> rows) {
    return new Columns<>(rows);
  }

  Columns<T> uuid(Function<T, @Nullable UUID> value) {
    arrays.addArrayOfUUID(rows.stream().map(value).toArray(UUID[]::new));
    return this;
  }

  Columns<T> text(Function<T, @Nullable String> value) {
    arrays.addArrayOfString(rows.stream().map(value).toArray(String[]::new));
    return this;
  }

  Columns<T> bigint(Function<T, @Nullable Long> value) {
    arrays.addArrayOfLong(rows.stream().map(value).toArray(Long[]::new));
    return this;
  }

  Columns<T> integer(Function<T, @Nullable Integer> value) {
    arrays.addArrayOfInteger(rows.stream().map(value).toArray(Integer[]::new));
    return this;
  }

  Columns<T> bool(Function<T, Boolean> value) {
    arrays.addArrayOfBoolean(rows.stream().map(value).toArray(Boolean[]::new));
    return this;
  }

  /** Microseconds since 1970 as timestamptz. */
  Columns<T> time(Function<T, @Nullable Long> micros) {
    arrays.addArrayOfOffsetDateTime(
        rows.stream().map(micros).map(Columns::timeOf).toArray(OffsetDateTime[]::new));
    return this;
  }

  /** Lists of texts, each as the text form of an array, because arrays of arrays must be even. */
  Columns<T> texts(Function<T, @Nullable List<String>> value) {
    return text(row -> arrayText(value.apply(row)));
  }

  Tuple tuple() {
    return arrays;
  }

  static @Nullable OffsetDateTime timeOf(@Nullable Long micros) {
    return micros == null
        ? null
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  static long microsOf(OffsetDateTime time) {
    return time.toEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  private static @Nullable String arrayText(@Nullable List<String> texts) {
    if (texts == null) {
      return null;
    }
    StringBuilder literal = new StringBuilder("{");
    for (String text : texts) {
      literal.append(literal.length() == 1 ? "\"" : ",\"");
      literal.append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return literal.append('}').toString();
  }
}
