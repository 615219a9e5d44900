package dev.perilune.query.runs.export;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import dev.perilune.query.runs.PayloadJson;
import dev.perilune.query.runs.RunRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a Parquet file of runs, as data. What has no columns of its own is JSON text.
 *
 * @param value a text, a Boolean, a Long, a BigDecimal, a list of texts, or null
 */
record ParquetColumn(Type type, Function<ExportItem, @Nullable Object> value) {

  private static final OffsetDateTime EPOCH = OffsetDateTime.parse("1970-01-01T00:00:00Z");
  private static final int COST_SCALE = 18;
  private static final int COST_PRECISION = 38;
  private static final int COST_BYTES = 16;

  private static final List<ParquetColumn> ALL =
      List.of(
          text("id", item -> text(item.run().id())),
          text("projectId", item -> text(item.run().projectId())),
          text("rootId", item -> text(item.node().root())),
          text("parentRunId", item -> text(item.run().parentRunId())),
          text("type", item -> item.run().type()),
          text("name", item -> item.run().name()),
          text("status", item -> item.run().status()),
          time("createdAt", item -> item.run().createdAt()),
          time("endedAt", item -> item.run().endedAt()),
          number("durationMicros", ParquetColumn::durationMicros),
          cost(),
          number("promptTokens", item -> whole(item.run().tokens().prompt())),
          number("cachedPromptTokens", item -> whole(item.run().tokens().cachedPrompt())),
          number("completionTokens", item -> whole(item.run().tokens().completion())),
          tags(),
          number("userId", item -> user(item, RunRow.User::id)),
          text("externalUserId", item -> user(item, RunRow.User::externalId)),
          text("userProps", item -> RunColumn.compact(user(item, RunRow.User::props))),
          number("templateVersionId", item -> whole(item.run().templateVersionId())),
          text("templateSlug", item -> item.run().templateSlug()),
          text("siblingRunId", item -> text(item.run().siblingRunId())),
          flag("isPublic", item -> item.run().isPublic()),
          text("metadata", item -> RunColumn.compact(item.run().metadata())),
          text("feedback", item -> RunColumn.compact(item.run().feedback())),
          text(
              "parentFeedback", item -> RunColumn.compact(item.links().parentFeedback(item.run()))),
          text("scores", RunColumn::scores),
          text("params", item -> item.run().payload().params()),
          text("input", item -> PayloadJson.unwrapped(item.run().payload().input(), "input")),
          text("output", item -> PayloadJson.unwrapped(item.run().payload().output(), "output")),
          text("error", item -> item.run().payload().error()));

  /** The columns in their order. */
  static List<ParquetColumn> all() {
    return ALL;
  }

  static MessageType schema() {
    return new MessageType("run", ALL.stream().map(ParquetColumn::type).toList());
  }

  /** Hands over the value of the column at this index, unless there is none. */
  void write(ExportItem item, int index, RecordConsumer record) {
    Object shown = value.apply(item);
    if (shown != null) {
      record.startField(type.getName(), index);
      add(shown, record);
      record.endField(type.getName(), index);
    }
  }

  private static void add(Object shown, RecordConsumer record) {
    if (shown instanceof String text) {
      record.addBinary(Binary.fromString(text));
    } else if (shown instanceof Long number) {
      record.addLong(number);
    } else if (shown instanceof Boolean flag) {
      record.addBoolean(flag);
    } else if (shown instanceof BigDecimal decimal) {
      record.addBinary(fixed(decimal));
    } else {
      addList((List<?>) shown, record);
    }
  }

  private static void addList(List<?> texts, RecordConsumer record) {
    record.startGroup();
    if (!texts.isEmpty()) {
      record.startField("list", 0);
      for (Object text : texts) {
        record.startGroup();
        record.startField("element", 0);
        record.addBinary(Binary.fromString((String) text));
        record.endField("element", 0);
        record.endGroup();
      }
      record.endField("list", 0);
    }
    record.endGroup();
  }

  private static Binary fixed(BigDecimal decimal) {
    byte[] unscaled = decimal.unscaledValue().toByteArray();
    byte[] fixed = new byte[COST_BYTES];
    Arrays.fill(fixed, (byte) (decimal.signum() < 0 ? -1 : 0));
    System.arraycopy(unscaled, 0, fixed, COST_BYTES - unscaled.length, unscaled.length);
    return Binary.fromConstantByteArray(fixed);
  }

  private static ParquetColumn text(String name, Function<ExportItem, @Nullable Object> value) {
    return new ParquetColumn(Types.optional(BINARY).as(stringType()).named(name), value);
  }

  private static ParquetColumn number(String name, Function<ExportItem, @Nullable Object> value) {
    return new ParquetColumn(Types.optional(INT64).named(name), value);
  }

  private static ParquetColumn flag(String name, Function<ExportItem, @Nullable Object> value) {
    return new ParquetColumn(Types.optional(BOOLEAN).named(name), value);
  }

  private static ParquetColumn time(
      String name, Function<ExportItem, @Nullable OffsetDateTime> value) {
    return new ParquetColumn(
        Types.optional(INT64)
            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
            .named(name),
        item -> {
          OffsetDateTime time = value.apply(item);
          return time == null ? null : ChronoUnit.MICROS.between(EPOCH, time);
        });
  }

  private static ParquetColumn cost() {
    return new ParquetColumn(
        Types.optional(FIXED_LEN_BYTE_ARRAY)
            .length(COST_BYTES)
            .as(LogicalTypeAnnotation.decimalType(COST_SCALE, COST_PRECISION))
            .named("cost"),
        item -> {
          String cost = item.run().costUsd();
          BigDecimal exact =
              cost == null
                  ? null
                  : new BigDecimal(cost).setScale(COST_SCALE, RoundingMode.HALF_EVEN);
          return exact == null || exact.precision() > COST_PRECISION ? null : exact;
        });
  }

  private static ParquetColumn tags() {
    return new ParquetColumn(
        Types.optionalList().requiredElement(BINARY).as(stringType()).named("tags"),
        item -> item.run().tags());
  }

  private static @Nullable Long durationMicros(ExportItem item) {
    OffsetDateTime end = item.run().endedAt();
    return end == null ? null : ChronoUnit.MICROS.between(item.run().createdAt(), end);
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable Long whole(@Nullable Integer number) {
    return number == null ? null : number.longValue();
  }

  private static <T> @Nullable T user(ExportItem item, Function<RunRow.User, @Nullable T> value) {
    RunRow.User user = item.run().user();
    return user == null ? null : value.apply(user);
  }
}
