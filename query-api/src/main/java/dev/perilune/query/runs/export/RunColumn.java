package dev.perilune.query.runs.export;

import dev.perilune.query.runs.JsonFields;
import dev.perilune.query.runs.JsonTexts;
import dev.perilune.query.runs.ParamsJson;
import dev.perilune.query.runs.PayloadJson;
import dev.perilune.query.runs.RunLinks;
import dev.perilune.query.runs.RunLinks.Conversation;
import dev.perilune.query.runs.RunRow;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an export says of a run, as data: the columns of its rows in their order.
 *
 * @param isText whether the value is a plain text, else JSON
 * @param optional left out of a JSON object when it has no value
 */
record RunColumn(
    String name, boolean isText, boolean optional, Function<ExportItem, @Nullable String> value) {

  private static final String NOT_JUDGED =
      "{\"input\":{\"isToxic\":null,\"labels\":null},\"output\":{\"isToxic\":null,\"labels\":null}}";

  /** How an input is stored that a rule of the project keeps out. */
  private static final String NOT_INGESTED = "\"__NOT_INGESTED__\"";

  private static final List<RunColumn> ALL =
      List.of(
          text("id", item -> id(item.run().id())),
          text("projectId", item -> id(item.run().projectId())),
          json("isPublic", item -> Boolean.toString(item.run().isPublic())),
          json("feedback", item -> compact(item.run().feedback())),
          json("parentFeedback", item -> compact(item.links().parentFeedback(item.run()))),
          json("feedbacks", item -> compact(item.links().childFeedbacks().get(item.run().id()))),
          text("type", item -> item.run().type()),
          text("name", item -> item.run().name()),
          text("createdAt", item -> time(item.run().createdAt())),
          text("endedAt", item -> time(item.run().endedAt())),
          text("duration", item -> item.run().duration()),
          json("templateVersionId", item -> number(item.run().templateVersionId())),
          text("templateSlug", item -> item.run().templateSlug()),
          json("cost", item -> item.run().costUsd()),
          json("tokens", item -> tokens(item.run().tokens())),
          json("toxicity", item -> NOT_JUDGED),
          json("tags", item -> tags(item.run().tags())),
          json("input", item -> PayloadJson.unwrapped(item.run().payload().input(), "input")),
          json("output", item -> PayloadJson.unwrapped(item.run().payload().output(), "output")),
          json("error", item -> item.run().payload().error()),
          text("status", RunColumn::status),
          optional(text("siblingRunId", item -> id(item.run().siblingRunId()))),
          json("params", item -> ParamsJson.shown(item.run().payload().params())),
          json("metadata", item -> compact(item.run().metadata())),
          json("user", item -> user(item.run().user())),
          // lists have no value for it either; it is here because readers count columns
          optional(text("traceId", item -> null)),
          json("scores", RunColumn::scores),
          optional(json("firstMessage", RunColumn::firstMessage)),
          optional(json("messagesCount", RunColumn::messagesCount)),
          text("parentRunId", item -> id(item.run().parentRunId())));

  private static final Set<String> NOT_OF_THREADS =
      Set.of("parentFeedback", "input", "siblingRunId", "traceId", "feedback", "params");

  private static final List<RunColumn> THREAD =
      ALL.stream().filter(column -> !NOT_OF_THREADS.contains(column.name())).toList();

  /** The columns of rows of that kind. */
  static List<RunColumn> of(ExportKind kind) {
    return kind == ExportKind.THREAD ? THREAD : ALL;
  }

  /** The columns of runs below a row. */
  static List<RunColumn> ofChildren() {
    return ALL;
  }

  /** The value, or null for none. */
  @Nullable String of(ExportItem item) {
    String shown = value.apply(item);
    return shown == null || (!isText && shown.equals("null")) ? null : shown;
  }

  private static RunColumn text(String name, Function<ExportItem, @Nullable String> value) {
    return new RunColumn(name, true, false, value);
  }

  private static RunColumn json(String name, Function<ExportItem, @Nullable String> value) {
    return new RunColumn(name, false, false, value);
  }

  private static RunColumn optional(RunColumn column) {
    return new RunColumn(column.name, column.isText, true, column.value);
  }

  private static @Nullable String status(ExportItem item) {
    boolean hidden = NOT_INGESTED.equals(item.run().payload().input());
    return hidden && item.node().depth() > 0 ? "filtered" : item.run().status();
  }

  private static @Nullable String id(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable String time(@Nullable OffsetDateTime time) {
    return time == null ? null : JsonFields.shown(time);
  }

  private static @Nullable String number(@Nullable Integer number) {
    return number == null ? null : number.toString();
  }

  static @Nullable String compact(@Nullable String json) {
    return json == null ? null : JsonTexts.compact(json);
  }

  private static String tokens(RunRow.Tokens tokens) {
    return "{\"prompt\":%s,\"cachedPrompt\":%d,\"completion\":%s,\"total\":%d}"
        .formatted(tokens.prompt(), tokens.cachedPrompt(), tokens.completion(), tokens.total());
  }

  private static @Nullable String tags(@Nullable List<String> tags) {
    return tags == null ? null : JsonFields.strings(tags).toString();
  }

  private static @Nullable String user(RunRow.@Nullable User user) {
    return user == null
        ? null
        : JsonFields.objects(
                List.of(user),
                (fields, said) -> {
                  fields.number("id", said.id());
                  fields.string("externalId", said.externalId());
                  fields.time("createdAt", said.createdAt());
                  fields.time("lastSeen", said.lastSeen());
                  fields.raw("props", compact(said.props()));
                })
            .toString();
  }

  static String scores(ExportItem item) {
    List<RunLinks.Score> scores = item.links().scores().getOrDefault(item.run().id(), List.of());
    return scores.isEmpty()
        ? "[]"
        : JsonFields.objects(
                scores,
                (fields, score) -> {
                  fields.string("label", score.label());
                  fields.raw("value", compact(score.value()));
                  fields.string("comment", score.comment());
                })
            .toString()
            .transform(list -> "[" + list + "]");
  }

  private static @Nullable String firstMessage(ExportItem item) {
    Conversation said = item.links().threads().get(item.run().id());
    return said == null ? null : said.firstMessage();
  }

  private static @Nullable String messagesCount(ExportItem item) {
    Conversation said = item.links().threads().get(item.run().id());
    return said == null ? null : Long.toString(said.messages());
  }
}
