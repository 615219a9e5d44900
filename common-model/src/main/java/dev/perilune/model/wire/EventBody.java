package dev.perilune.model.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.EventTime;
import dev.perilune.model.ReportedUsage;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunIds;
import dev.perilune.model.SpanNames;
import dev.perilune.model.Stamp;
import dev.perilune.model.UserReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The fields of one event while it is read; knows which kind of event they make. */
final class EventBody {
  private static final String MODELS_PREFIX = "models/";

  long atMicros = EventTime.NONE;
  private long spanEndedAtMicros;
  private @Nullable String type;
  private @Nullable String event;
  private @Nullable UUID runId;
  private @Nullable UUID parentId;
  private @Nullable String runIdText;
  private @Nullable String parentIdText;
  private @Nullable String spanTraceId;
  private @Nullable String name;
  private @Nullable String input;
  private boolean inputIsTruthy;
  private @Nullable String output;
  private @Nullable String error;
  private @Nullable String params;
  private @Nullable String extra;
  private @Nullable String runtime;
  private @Nullable String choice;
  private @Nullable String logMessage;
  private @Nullable ChatMessage message;
  private @Nullable List<String> tags;
  private @Nullable List<String> threadTags;
  private @Nullable String threadMetadata;
  private @Nullable String templateVersionId;
  private @Nullable String templateId;
  private @Nullable String userId;
  private @Nullable String userProps;
  private @Nullable ReportedUsage usage;
  private Map<String, String> metadata = Map.of();
  private Map<String, String> feedback = Map.of();
  private Map<String, String> score = Map.of();

  private EventBody() {}

  /** Reads the event object under the cursor, to its end. */
  static EventBody read(JsonParser in, JsonSlices slices) throws IOException {
    EventBody body = new EventBody();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      body.take(name, in, slices);
    }
    return body;
  }

  private void take(String field, JsonParser in, JsonSlices slices) throws IOException {
    switch (field) {
      case EventFields.TYPE -> type = indexable(slices.scalarText());
      case EventFields.EVENT -> event = slices.scalarText();
      case EventFields.RUN_ID -> {
        runIdText = slices.string();
        runId = RunIds.derive(runIdText);
      }
      case EventFields.PARENT_RUN_ID -> {
        parentIdText = slices.string();
        parentId = RunIds.derive(parentIdText);
      }
      case EventFields.SPAN_TRACE_ID -> spanTraceId = slices.string();
      case EventFields.SPAN_ENDED_AT -> spanEndedAtMicros = slices.time();
      case EventFields.TIMESTAMP -> atMicros = slices.time();
      case EventFields.NAME -> name = slices.string();
      case EventFields.INPUT -> takeInput(slices);
      case EventFields.OUTPUT -> output = slices.valueOrNull();
      case EventFields.ERROR -> error = slices.valueOrNull();
      case EventFields.PARAMS -> params = slices.truthy();
      case EventFields.EXTRA -> extra = slices.truthy();
      case EventFields.CHOICE -> choice = slices.scalarText();
      case EventFields.RUNTIME -> runtime = slices.string();
      case EventFields.MESSAGE -> takeMessage(in, slices);
      case EventFields.TAGS -> tags = slices.tags();
      case EventFields.THREAD_TAGS -> threadTags = slices.tags();
      case EventFields.THREAD_METADATA -> threadMetadata = object(in, slices);
      case EventFields.TEMPLATE_VERSION_ID -> templateVersionId = slices.truthy();
      case EventFields.TEMPLATE_ID -> templateId = slices.truthy();
      case EventFields.USER_ID -> userId = slices.scalarText();
      case EventFields.USER_PROPS -> userProps = object(in, slices);
      case EventFields.TOKENS_USAGE -> usage = UsageFields.read(slices.fields());
      case EventFields.METADATA -> metadata = slices.fields();
      case EventFields.FEEDBACK -> feedback = slices.fields();
      case EventFields.SCORE -> score = slices.fields();
      default -> in.skipChildren();
    }
  }

  private static @Nullable String object(JsonParser in, JsonSlices slices) throws IOException {
    return in.currentToken() == JsonToken.START_OBJECT ? JsonbSafe.of(slices.value()) : null;
  }

  private void takeInput(JsonSlices slices) throws IOException {
    String truthy = slices.truthy();
    inputIsTruthy = truthy != null;
    input = truthy != null ? truthy : slices.valueOrNull();
  }

  private void takeMessage(JsonParser in, JsonSlices slices) throws IOException {
    if (in.currentToken() == JsonToken.START_OBJECT) {
      message = ChatMessage.of(slices.fields());
    } else {
      logMessage = slices.scalarText();
    }
  }

  private static @Nullable String indexable(@Nullable String text) {
    return text == null ? null : WireText.indexable(text);
  }

  /** Makes the event; what it lacks for its kind makes it malformed. */
  RunEvent toRunEvent(Stamp stamp, List<UUID> runAliases, List<UUID> threadAliases)
      throws MalformedEvent {
    UserReport user = user();
    if ("log".equals(type)) {
      return new RunEvent.Logged(
          stamp, runId, parentId, event == null ? "info" : event, logMessage, logExtra(), user);
    }
    return switch (event == null ? "" : event) {
      case "start" -> started(stamp, user);
      case "end" -> ended(stamp, user);
      case "error" ->
          new RunEvent.Failed(run(), stamp, type, modelName(), ErrorJson.readable(error), user);
      case "supplement" ->
          new RunEvent.Supplied(
              run(),
              stamp,
              modelName(),
              input,
              output,
              choice(),
              error == null ? null : ErrorJson.readable(error),
              params,
              Metadata.clean(metadata),
              usage,
              user);
      case "feedback" -> new RunEvent.Judged(run(), stamp, judgement(), user);
      case "score" -> ScoreFields.event(run(), stamp, score, user);
      case "chat" -> said(stamp, runAliases, threadAliases, user);
      case "custom-event" -> happened(stamp, threadAliases, user);
      case "update" ->
          "llm".equals(type)
              ? new RunEvent.Updated(run(), stamp, Metadata.clean(metadata), user)
              : new RunEvent.Noticed(stamp, user);
      default -> new RunEvent.Noticed(stamp, user);
    };
  }

  /** The span that it tells of; {@code null} where none does. */
  @Nullable SpanNames span() {
    return SpanNames.of(spanTraceId, runIdText, parentIdText);
  }

  /** What rules may ask of it. */
  EventFacts facts() {
    EventFacts facts = new EventFacts(type, modelName(), user());
    facts.add(tagsOrMetadataTags(), metadata);
    facts.add(threadTags, message == null ? Map.of() : message.metadata());
    facts.add(message == null ? null : message.tags(), Map.of());
    return facts;
  }

  private RunEvent started(Stamp stamp, @Nullable UserReport user) throws MalformedEvent {
    SpanNames span = span();
    return new RunEvent.Started(
        run(),
        stamp,
        Math.max(0, spanEndedAtMicros),
        required(type, EventFields.TYPE),
        parentId,
        span == null ? null : span.parent(),
        modelName(),
        input,
        params != null ? params : extra,
        tagsOrMetadataTags(),
        Metadata.clean(metadata),
        templateVersion(),
        runtime,
        usage,
        user);
  }

  private RunEvent ended(Stamp stamp, @Nullable UserReport user) throws MalformedEvent {
    return new RunEvent.Ended(
        run(),
        stamp,
        type,
        modelName(),
        inputIsTruthy ? input : null,
        output,
        tags,
        Metadata.clean(metadata),
        usage,
        user);
  }

  private RunEvent said(
      Stamp stamp, List<UUID> aliases, List<UUID> threadAliases, @Nullable UserReport user)
      throws MalformedEvent {
    ChatMessage said = required(message, EventFields.MESSAGE);
    return new RunEvent.Said(
        required(parentId, EventFields.PARENT_RUN_ID),
        run(),
        aliases,
        threadAliases,
        stamp,
        said.role(),
        said.retry(),
        said.json(),
        said.tags(),
        Metadata.clean(said.metadata()),
        Metadata.feedback(feedback, Map.of()),
        threadTags == null ? List.of() : threadTags,
        threadMetadata,
        runtime,
        user);
  }

  private RunEvent happened(Stamp stamp, List<UUID> threadAliases, @Nullable UserReport user)
      throws MalformedEvent {
    return new RunEvent.Happened(
        required(parentId, EventFields.PARENT_RUN_ID),
        run(),
        threadAliases,
        stamp,
        modelName(),
        Metadata.clean(metadata),
        threadTags == null ? List.of() : threadTags,
        threadMetadata,
        runtime,
        user);
  }

  private int choice() {
    return choice != null && choice.matches("\\d{1,6}") ? Integer.parseInt(choice) : 0;
  }

  private UUID run() throws MalformedEvent {
    return required(runId, EventFields.RUN_ID);
  }

  private static <T> T required(@Nullable T value, String field) throws MalformedEvent {
    if (value == null) {
      throw new MalformedEvent(field + " is required");
    }
    return value;
  }

  /** The first {@code models/} goes: some vendors put it before the names of their models. */
  private @Nullable String modelName() {
    int at = name == null ? -1 : name.indexOf(MODELS_PREFIX);
    return name == null || at < 0
        ? name
        : name.substring(0, at) + name.substring(at + MODELS_PREFIX.length());
  }

  private @Nullable List<String> tagsOrMetadataTags() {
    return tags != null ? tags : Metadata.tags(metadata);
  }

  private @Nullable Integer templateVersion() {
    for (String candidate :
        new String[] {
          templateVersionId,
          templateId,
          Metadata.text(metadata.get(EventFields.TEMPLATE_ID)),
          Metadata.text(metadata.get(EventFields.TEMPLATE_VERSION_ID))
        }) {
      String digits = candidate == null ? "" : Metadata.text(candidate);
      if (digits != null && !digits.isEmpty() && !digits.equals("0")) {
        return digits.matches("\\d{1,9}") ? Integer.valueOf(digits) : null;
      }
    }
    return null;
  }

  /** The event's own user, or the one that LangChain users name in the metadata. */
  private @Nullable UserReport user() {
    if (userId != null && !userId.isEmpty()) {
      return new UserReport(WireText.indexable(userId), userProps);
    }
    String inMetadata = Metadata.text(metadata.get(EventFields.USER_ID));
    String props = metadata.get(EventFields.USER_PROPS);
    boolean isObject = props != null && props.startsWith("{");
    return userId != null || inMetadata == null || inMetadata.isEmpty()
        ? null
        : new UserReport(WireText.indexable(inMetadata), isObject ? JsonbSafe.of(props) : null);
  }

  private Map<String, String> judgement() {
    return Metadata.feedback(feedback, ExtraFields.of(extra));
  }

  private @Nullable String logExtra() {
    return metadata.isEmpty() ? extra : Metadata.object(metadata);
  }
}
