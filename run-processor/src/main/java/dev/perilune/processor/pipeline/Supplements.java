package dev.perilune.processor.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.model.RunEvent;
import dev.perilune.model.RunKey;
import dev.perilune.model.Stamp;
import dev.perilune.model.StampedMap;
import dev.perilune.model.wire.Metadata;
import dev.perilune.processor.pipeline.RunFold.Usage;
import dev.perilune.processor.pipeline.RunFold.Word;
import dev.perilune.processor.store.Payload.Part;
import dev.perilune.processor.store.RunSql;
import dev.perilune.processor.store.Tx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Input and output that only others saw, put together from as many events as told of them. What the
 * run's own events say always counts more.
 */
final class Supplements {
  /** What errors say whose sender knows nothing of them. */
  private static final String UNKNOWN = "Unknown error";

  private static final String CHOICE_END = ":";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Supplements() {}

  static void apply(RunState run, RunEvent.Supplied event, @Nullable Long user) {
    run.named(event.stamp(), event.name());
    run.seenByOthers(event.stamp());
    take(run.fold, event);
    Map<String, String> metadata = new LinkedHashMap<>(event.metadata());
    String reasons = event.outputJson() == null ? null : metadata.remove(Labels.FINISH_REASONS);
    if (reasons != null) {
      run.labels.supplyReasons(key(event.choice(), event.stamp()), reasons, event.stamp());
    }
    run.labels.supplyMetadata(metadata, event.stamp());
    run.namedBy(user, event.stamp());
    run.changed = true;
    run.priced.stale = true;
  }

  private static void take(RunFold fold, RunEvent.Supplied event) {
    fold.hidden |=
        RunState.HIDDEN.equals(event.inputJson()) || RunState.HIDDEN.equals(event.outputJson());
    put(fold.suppliedInput, 0, event.stamp(), event.inputJson());
    put(fold.suppliedOutput, event.choice(), event.stamp(), event.outputJson());
    Word error = fold.suppliedError;
    if (event.errorJson() != null && event.stamp().isAfter(error == null ? null : error.stamp())) {
      fold.suppliedError = new Word(event.stamp(), event.errorJson());
    }
    Word params = fold.suppliedParams;
    if (event.paramsJson() != null
        && event.stamp().isAfter(params == null ? null : params.stamp())) {
      fold.suppliedParams = new Word(event.stamp(), event.paramsJson());
    }
    Usage known = fold.suppliedUsage;
    if (event.usage() != null && event.stamp().isAfter(known == null ? null : known.stamp())) {
      fold.suppliedUsage = RunState.usage(event.stamp(), event.usage());
    }
  }

  /** An event that is delivered again, at another place of its request, is still the same. */
  private static void put(StampedMap supplied, int choice, Stamp stamp, @Nullable String json) {
    if (json != null) {
      supplied.put(Map.of(key(choice, stamp), json), stamp);
    }
  }

  private static String key(int choice, Stamp stamp) {
    String event = stamp.atMicros() + "-" + Long.toHexString(stamp.tie());
    return choice == 0 ? event : choice + CHOICE_END + event;
  }

  /** Which of the model's answers a key stands for. */
  static int choice(String key) {
    int end = key.indexOf(CHOICE_END);
    return end < 0 ? 0 : Integer.parseInt(key.substring(0, end));
  }

  /** Whether an error tells neither where nor, but for its type, what. */
  static boolean saysNothing(String errorJson) {
    JsonNode error;
    try {
      error = MAPPER.readTree(errorJson);
    } catch (JsonProcessingException e) {
      return false;
    }
    String message = error.path("message").asText();
    return error.path("stack").isMissingNode()
        && (message.equals(UNKNOWN) || message.equals(error.path("type").asText()));
  }

  /** Fills what the run itself leaves open. */
  static void settle(RunState run) {
    RunFold fold = run.fold;
    if (!fold.suppliedInput.isEmpty() && !fold.ownInput && fold.lateInput == null) {
      run.payload.set(Part.INPUT, fold.hidden ? RunState.HIDDEN : list(fold.suppliedInput));
    }
    if (!fold.suppliedOutput.isEmpty() && fold.output == null) {
      run.payload.set(Part.OUTPUT, fold.hidden ? RunState.HIDDEN : answer(fold.suppliedOutput));
    }
    settleParams(run);
    if (fold.bareError && fold.suppliedError != null) {
      run.payload.set(Part.ERROR, fold.hidden ? RunState.HIDDEN_ERROR : fold.suppliedError.text());
    }
    if (fold.hidden) {
      // nothing of it may be stored, not even here
      fold.suppliedInput = fold.suppliedInput.withAll(RunState.HIDDEN);
      fold.suppliedOutput = fold.suppliedOutput.withAll(RunState.HIDDEN);
      if (fold.suppliedError != null) {
        fold.suppliedError = new Word(fold.suppliedError.stamp(), RunState.HIDDEN_ERROR);
      }
    }
  }

  private static void settleParams(RunState run) {
    RunFold fold = run.fold;
    if (fold.suppliedParams == null) {
      return;
    }
    if (!fold.ownParams) {
      fold.plainParams = null;
      run.payload.set(Part.PARAMS, fold.suppliedParams.text());
      return;
    }
    String own = run.plainParams != null ? run.plainParams : fold.plainParams;
    if (own != null) {
      fold.plainParams = own;
      run.payload.set(Part.PARAMS, filled(own, fold.suppliedParams.text()));
    }
  }

  /** The fields of both objects; where both have one, that of the first, unless it is null. */
  private static String filled(String own, String supplied) {
    Map<String, String> all = new LinkedHashMap<>(Metadata.fields(own));
    if (all.isEmpty() && !own.startsWith("{")) {
      return own;
    }
    all.values().removeIf("null"::equals);
    Metadata.fields(supplied).forEach(all::putIfAbsent);
    return Metadata.object(all);
  }

  /** Fills parameters that were stored before anybody else told of some. */
  static void fillStored(Tx tx, Batch batch) {
    Map<RunKey, RunState> runs = new HashMap<>();
    for (RunState run : batch.states.values()) {
      RunFold fold = run.fold;
      boolean lacksOwn = fold.suppliedParams != null && fold.plainParams == null;
      if (lacksOwn && fold.ownParams && run.changed && run.stored != null) {
        runs.put(run.stored.row().key(), run);
      }
    }
    RunSql.texts(tx, runs.values().stream().map(run -> run.stored.place()).toList())
        .forEach(
            (key, texts) -> {
              RunState run = runs.get(key);
              run.plainParams = texts.params();
              settleParams(run);
            });
  }

  /** Each event gave a list of messages; all of them are one. */
  private static String list(StampedMap supplied) {
    return joined(supplied.inOrder());
  }

  /** One JSON list of what is in several, or of single values. */
  static String joined(List<String> lists) {
    StringBuilder all = new StringBuilder("[");
    for (String messages : lists) {
      boolean isList = messages.startsWith("[") && messages.endsWith("]");
      String inner = isList ? messages.substring(1, messages.length() - 1) : messages;
      all.append(all.length() > 1 && !inner.isBlank() ? "," : "").append(inner);
    }
    return all.append(']').toString();
  }

  /** One answer by itself, several choices as a list. */
  private static String answer(StampedMap supplied) {
    List<String> choices = supplied.inOrder(Supplements::choice);
    return choices.size() == 1 ? choices.get(0) : "[" + String.join(",", choices) + "]";
  }
}
