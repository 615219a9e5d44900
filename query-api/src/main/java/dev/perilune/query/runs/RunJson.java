package dev.perilune.query.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.perilune.query.runs.RunAncestrySql.Ancestry;
import dev.perilune.query.runs.RunLinks.Conversation;
import dev.perilune.query.runs.RunLinks.Score;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes runs as the API shows them; alone knows the names and the order of their fields. */
final class RunJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().build().setRootValueSeparator(null);
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final JsonGenerator json;

  private RunJson(JsonGenerator json) {
    this.json = json;
  }

  /** Runs of a list, with commas between them. */
  static Buffer list(List<RunRow> runs, RunLinks links, boolean shortened) {
    return separated(runs, (writer, run) -> writer.listed(run, links, shortened));
  }

  /** One run whole, with the top of its trace. */
  static Buffer one(RunRow run, List<Score> scores, Ancestry above) {
    return separated(List.of(run), (writer, only) -> writer.single(only, scores, above));
  }

  /**
   * Runs of a tree as they are stored, with commas between them.
   *
   * @param orphan shown without its parent; null for none
   */
  static Buffer tree(List<RunRow> runs, @Nullable UUID orphan) {
    return separated(
        runs, (writer, run) -> writer.raw(run, run.id().equals(orphan) ? null : run.parentRunId()));
  }

  /** One run as everybody may see it: what its user is like stays with the project. */
  static Buffer shared(RunRow run) {
    return separated(List.of(run), (writer, only) -> writer.opened(only));
  }

  private static Buffer separated(List<RunRow> runs, RunWriting writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      RunJson writer = new RunJson(generator);
      for (int i = 0; i < runs.size(); i++) {
        if (i > 0) {
          generator.writeRaw(',');
        }
        generator.writeStartObject();
        writing.write(writer, runs.get(i));
        generator.writeEndObject();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("Memory cannot be written to", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private void listed(RunRow run, RunLinks links, boolean shortened) throws IOException {
    identity(run, links.parentFeedback(run));
    text("feedbacks", links.childFeedbacks().get(run.id()));
    facts(run);
    raw("toxicity", NOT_JUDGED);
    tags(run.tags());
    payload(run, shortened);
    rest(run, true);
    scores(links.scores().getOrDefault(run.id(), List.of()));
    conversation(links.threads().get(run.id()));
    id("parentRunId", run.parentRunId());
  }

  private void opened(RunRow run) throws IOException {
    id("id", run.id());
    id("projectId", run.projectId());
    json.writeBooleanField("isPublic", run.isPublic());
    text("feedback", run.feedback());
    facts(run);
    raw("toxicity", "{\"input\":{},\"output\":{}}");
    tags(run.tags());
    payload(run, false);
    rest(run, false);
  }

  private void single(RunRow run, List<Score> scores, Ancestry above) throws IOException {
    identity(run, above.feedback());
    facts(run);
    raw("toxicity", "{\"input\":{},\"output\":{}}");
    tags(run.tags());
    payload(run, false);
    rest(run, true);
    id("traceId", above.topmost());
    scores(scores);
    id("parentRunId", run.parentRunId());
  }

  private static final String NOT_JUDGED =
      "{\"input\":{\"isToxic\":null,\"labels\":null},\"output\":{\"isToxic\":null,\"labels\":null}}";

  private void raw(RunRow run, @Nullable UUID parentRunId) throws IOException {
    time("createdAt", run.createdAt());
    tags(run.tags());
    id("projectId", run.projectId());
    id("id", run.id());
    string("status", run.status());
    string("name", run.name());
    time("endedAt", run.endedAt());
    raw("error", run.payload().error());
    raw("input", run.payload().input());
    raw("output", run.payload().output());
    raw("params", run.payload().params());
    string("type", run.type());
    id("parentRunId", parentRunId);
    number("completionTokens", run.tokens().completion());
    number("promptTokens", run.tokens().prompt());
    raw("cost", run.costUsd() == null ? "0" : run.costUsd());
    text("feedback", run.feedback());
    text("metadata", run.metadata());
  }

  private void identity(RunRow run, @Nullable String parentFeedback) throws IOException {
    id("id", run.id());
    id("projectId", run.projectId());
    json.writeBooleanField("isPublic", run.isPublic());
    text("feedback", run.feedback());
    text("parentFeedback", parentFeedback);
  }

  private void facts(RunRow run) throws IOException {
    string("type", run.type());
    string("name", run.name());
    time("createdAt", run.createdAt());
    time("endedAt", run.endedAt());
    string("duration", run.duration());
    number("templateVersionId", run.templateVersionId());
    string("templateSlug", run.templateSlug());
    raw("cost", run.costUsd());
    json.writeObjectFieldStart("tokens");
    number("prompt", run.tokens().prompt());
    json.writeNumberField("cachedPrompt", run.tokens().cachedPrompt());
    number("completion", run.tokens().completion());
    json.writeNumberField("total", run.tokens().total());
    json.writeEndObject();
  }

  private void payload(RunRow run, boolean shortened) throws IOException {
    String input = PayloadJson.shown(run.payload().input(), "input");
    String output = PayloadJson.shown(run.payload().output(), "output");
    raw("input", shortened ? PayloadJson.withShortContent(PayloadJson.last(input)) : input);
    raw("output", shortened ? PayloadJson.withShortContent(output) : output);
    raw("error", PayloadJson.shownError(run.payload().error()));
  }

  private void rest(RunRow run, boolean withProps) throws IOException {
    string("status", run.status());
    if (run.siblingRunId() != null) {
      id("siblingRunId", run.siblingRunId());
    }
    raw("params", ParamsJson.shown(run.payload().params()));
    text("metadata", run.metadata());
    user(run.user(), withProps);
  }

  private void user(RunRow.@Nullable User user, boolean withProps) throws IOException {
    if (user == null) {
      json.writeNullField("user");
      return;
    }
    json.writeObjectFieldStart("user");
    json.writeNumberField("id", user.id());
    string("externalId", user.externalId());
    time("createdAt", user.createdAt());
    time("lastSeen", user.lastSeen());
    if (withProps) {
      text("props", user.props());
    }
    json.writeEndObject();
  }

  private void scores(List<Score> scores) throws IOException {
    json.writeArrayFieldStart("scores");
    for (Score score : scores) {
      json.writeStartObject();
      string("label", score.label());
      text("value", score.value());
      string("comment", score.comment());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void conversation(@Nullable Conversation conversation) throws IOException {
    if (conversation != null) {
      raw("firstMessage", conversation.firstMessage());
      json.writeNumberField("messagesCount", conversation.messages());
    }
  }

  private void tags(@Nullable List<String> tags) throws IOException {
    if (tags == null) {
      json.writeNullField("tags");
      return;
    }
    json.writeArrayFieldStart("tags");
    for (String tag : tags) {
      json.writeString(tag);
    }
    json.writeEndArray();
  }

  private void id(String name, @Nullable UUID id) throws IOException {
    string(name, id == null ? null : id.toString());
  }

  private void time(String name, @Nullable OffsetDateTime time) throws IOException {
    string(name, time == null ? null : MILLISECONDS.format(time));
  }

  private void number(String name, @Nullable Integer number) throws IOException {
    json.writeFieldName(name);
    if (number == null) {
      json.writeNull();
    } else {
      json.writeNumber(number);
    }
  }

  private void string(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    // writes null for null
    json.writeString(value);
  }

  /** JSON as Postgres words it, which puts spaces between the parts. */
  private void text(String name, @Nullable String value) throws IOException {
    raw(name, value == null ? null : JsonTexts.compact(value));
  }

  /** JSON that is shown as it is. */
  private void raw(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value == null ? "null" : value);
  }

  private interface RunWriting {
    void write(RunJson writer, RunRow run) throws IOException;
  }
}
