package dev.perilune.processor.pipeline;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.model.FoldEdit;
import dev.perilune.model.ReportedUsage;
import dev.perilune.model.Stamp;
import dev.perilune.model.StampedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What decides, in one run, which of two events wins: for each part of the run the stamp of the
 * event that gave it. Kept beside the run, so that events may come in any order, any number of
 * times and any split over batches.
 */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
final class RunFold {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectReader READER = MAPPER.readerFor(RunFold.class);
  private static final ObjectWriter WRITER = MAPPER.writerFor(RunFold.class);

  /** A text and the event that gave it. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"stamp", "text"})
  record Word(Stamp stamp, String text) {}

  /** One copy of a span: when the span ended in it, and its start event. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"spanEnd", "stamp"})
  record Copy(long spanEnd, Stamp stamp) {

    /** Whether this counts more than the other; anything does than nothing. */
    boolean isAbove(@Nullable Copy other) {
      if (other == null || spanEnd != other.spanEnd) {
        return other == null || spanEnd > other.spanEnd;
      }
      return stamp.isBefore(other.stamp);
    }
  }

  /** Reported token counts and the event that gave them. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"stamp", "prompt", "completion", "cached"})
  record Usage(
      Stamp stamp,
      @Nullable Integer prompt,
      @Nullable Integer completion,
      @Nullable Integer cached) {

    ReportedUsage reported() {
      return new ReportedUsage(prompt, completion, cached);
    }
  }

  /** The earliest start counts; a later one is a duplicate. Of copies of a span, see below. */
  @JsonProperty("s")
  @Nullable Stamp start;

  /** End of the span that gave the start: the copy that ended last counts. */
  @JsonProperty("k")
  long spanEnd;

  /** The span that its parent is of, in the same trace; sixteen hexadecimal digits. */
  @JsonProperty("ps")
  @Nullable String parentSpan;

  /** Whether that copy, or one that it leaves that to, named the user. */
  @JsonProperty("ku")
  boolean spanUser;

  /** The best copy that had an input or parameters, where that which counts has none. */
  @JsonProperty("ki")
  @Nullable Copy inputCopy;

  @JsonProperty("kp")
  @Nullable Copy paramsCopy;

  /** The same for tags, the version of a template, and the user. */
  @JsonProperty("kt")
  @Nullable Copy tagsCopy;

  @JsonProperty("kv")
  @Nullable Copy templateCopy;

  @JsonProperty("kw")
  @Nullable Copy userCopy;

  /** The latest end or error. */
  @JsonProperty("d")
  @Nullable Stamp done;

  @JsonProperty("o")
  @Nullable Stamp output;

  @JsonProperty("e")
  @Nullable Stamp error;

  /** Set if an end, not the start, gave the input. */
  @JsonProperty("i")
  @Nullable Stamp lateInput;

  /** Name and type that an end gave, for runs whose start has none or is missing. */
  @JsonProperty("n")
  @Nullable Word endName;

  @JsonProperty("y")
  @Nullable Word endType;

  @JsonProperty("u")
  @Nullable Usage usage;

  @JsonProperty("su")
  @Nullable Usage startUsage;

  /** Internal id of the user that an end named; the earliest counts, and any start before it. */
  @JsonProperty("w")
  @Nullable Word lateUser;

  /** Metadata of ends and updates, laid over that of the start. */
  @JsonProperty("m")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap metadata = new StampedMap();

  /** The latest update: metadata said before it is forgotten. */
  @JsonProperty("c")
  @Nullable Stamp cleared;

  /** Tags of ends, joined with those of the start. */
  @JsonProperty("t")
  TreeSet<String> endTags = new TreeSet<>();

  @JsonProperty(FoldEdit.FEEDBACK)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap feedback = new StampedMap();

  /** What people set; no event changes it. */
  @JsonProperty(FoldEdit.EDITS)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap edits = new StampedMap();

  /** The earliest event of a run whose start is missing. */
  @JsonProperty("p")
  @Nullable Stamp first;

  /** What others saw of the run: messages of its input and its output, by event. */
  @JsonProperty("si")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap suppliedInput = new StampedMap();

  @JsonProperty("so")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap suppliedOutput = new StampedMap();

  /** The earliest of those events, while none of the run's own has come. */
  @JsonProperty("sf")
  @Nullable Stamp suppliedFirst;

  /** What others noted of it, where the run itself notes nothing under the key. */
  @JsonProperty("sm")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap suppliedMetadata = new StampedMap();

  /** Those of the keys under which the start does note something. */
  @JsonProperty("sk")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  TreeSet<String> ownKeys = new TreeSet<>();

  /** Why the model stopped, by the event that gave each answer. */
  @JsonProperty("sr")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  StampedMap suppliedReasons = new StampedMap();

  @JsonProperty("sv")
  @Nullable Usage suppliedUsage;

  @JsonProperty("sp")
  @Nullable Word suppliedParams;

  /** The run's own parameters, where others told of some too: those stored are of both. */
  @JsonProperty("po")
  @Nullable String plainParams;

  @JsonProperty("se")
  @Nullable Word suppliedError;

  /** Whether the run says that something went wrong, and not what. */
  @JsonProperty("be")
  boolean bareError;

  /** Whether the start gave the input. */
  @JsonProperty("oi")
  boolean ownInput;

  /** Whether it gave the parameters. */
  @JsonProperty("op")
  boolean ownParams;

  /** Whether it gave tags. */
  @JsonProperty("ot")
  boolean ownTags;

  /** An exchange of a conversation: its thread makes it, its own events do not. */
  @JsonProperty(FoldEdit.EXCHANGE)
  boolean exchange;

  /** The user did not want input and output stored. */
  @JsonProperty("h")
  boolean hidden;

  /** For threads: earliest and latest message, latest that named a user. */
  @JsonProperty("tf")
  @Nullable Stamp threadFirst;

  @JsonProperty("tl")
  @Nullable Stamp threadLast;

  @JsonProperty("tu")
  @Nullable Stamp threadUser;

  /** The copy, or the only start, that counts; {@code null} without a start. */
  @Nullable Copy startCopy() {
    return start == null ? null : new Copy(spanEnd, start);
  }

  static RunFold parse(@Nullable String json) {
    if (json == null) {
      return new RunFold();
    }
    try {
      return READER.readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored fold can't be read: " + json, e);
    }
  }

  String json() {
    try {
      return WRITER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A fold can't be written", e);
    }
  }

  /**
   * What was reported: by the end, else by the start; of a model call also what others saw, count
   * by count where the run itself has none.
   */
  @Nullable ReportedUsage reportedUsage(boolean isCall) {
    Usage own = usage != null ? usage : startUsage;
    Usage other = isCall ? suppliedUsage : null;
    if (own == null || other == null) {
      Usage known = own != null ? own : other;
      return known == null ? null : known.reported();
    }
    return new ReportedUsage(
        own.prompt != null ? own.prompt : other.prompt,
        own.completion != null ? own.completion : other.completion,
        own.cached != null ? own.cached : other.cached);
  }
}
