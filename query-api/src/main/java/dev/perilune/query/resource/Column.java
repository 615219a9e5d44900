package dev.perilune.query.resource;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table as bodies and answers show it.
 *
 * @param name in the table; bodies call it the same in camel case
 * @param least fewest characters of a text
 * @param most most characters of a text, or of a value as JSON text
 * @param choices what a text may be; empty = anything
 * @param fallback value of a new row whose body has none; null = none
 */
public record Column(
    String name,
    Kind kind,
    Set<Trait> traits,
    int least,
    int most,
    List<String> choices,
    @Nullable String fallback) {

  private static final int LONGEST_TEXT = 5_000;
  private static final int LONGEST_JSON = 100_000;

  /** What a column holds. */
  public enum Kind {
    TEXT("text"),
    /** Zero or more, with at most 15 decimals. */
    NUMBER("numeric"),
    TIME("timestamptz"),
    /** Any JSON, returned as it came. */
    JSON("json"),
    /** A JSON array. */
    LIST("json"),
    /** Filter logic: a JSON array that the filter language can read. */
    CHECKS("json"),
    FLAG("boolean"),
    ID("uuid");

    final String sqlType;

    Kind(String sqlType) {
      this.sqlType = sqlType;
    }
  }

  /** What is special about a column. */
  public enum Trait {
    /** A new row must have it. */
    REQUIRED,
    /** May be missing, but not null. */
    NOT_NULL,
    /** Set once; a later change is ignored. */
    FIXED,
    /** Never read from a body, only shown. */
    SHOWN,
    /** A list can be narrowed by it, as in {@code ?type=llm}. */
    NARROWING
  }

  public Column {
    traits = Set.copyOf(traits);
    choices = List.copyOf(choices);
  }

  public static Column text(String name) {
    return new Column(name, Kind.TEXT, Set.of(), 0, LONGEST_TEXT, List.of(), null);
  }

  /** A text that is one of these. */
  public static Column choice(String name, String... choices) {
    return new Column(name, Kind.TEXT, Set.of(), 0, LONGEST_TEXT, List.of(choices), null);
  }

  public static Column number(String name) {
    return new Column(name, Kind.NUMBER, Set.of(), 0, 0, List.of(), null);
  }

  public static Column time(String name) {
    return new Column(name, Kind.TIME, Set.of(), 0, 0, List.of(), null);
  }

  public static Column json(String name) {
    return new Column(name, Kind.JSON, Set.of(), 0, LONGEST_JSON, List.of(), null);
  }

  public static Column list(String name) {
    return new Column(name, Kind.LIST, Set.of(), 0, LONGEST_JSON, List.of(), null);
  }

  public static Column checks(String name) {
    return new Column(name, Kind.CHECKS, Set.of(), 0, LONGEST_JSON, List.of(), null);
  }

  public static Column flag(String name) {
    return new Column(name, Kind.FLAG, Set.of(), 0, 0, List.of(), null);
  }

  public static Column id(String name) {
    return new Column(name, Kind.ID, Set.of(), 0, 0, List.of(), null);
  }

  public Column required() {
    return with(Trait.REQUIRED).with(Trait.NOT_NULL);
  }

  public Column notNull() {
    return with(Trait.NOT_NULL);
  }

  public Column fixed() {
    return with(Trait.FIXED);
  }

  public Column shown() {
    return with(Trait.SHOWN);
  }

  public Column narrowing() {
    return with(Trait.NARROWING);
  }

  public Column min(int characters) {
    return new Column(name, kind, traits, characters, most, choices, fallback);
  }

  public Column max(int characters) {
    return new Column(name, kind, traits, least, characters, choices, fallback);
  }

  /** The value, in Postgres' text form, of a new row whose body has none. */
  public Column otherwise(String value) {
    return new Column(name, kind, traits, least, most, choices, value);
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** The name in bodies: {@code input_cost} is {@code inputCost}. */
  public String field() {
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("_")) {
      camel.append(
          camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  /** The value as a part of a JSON object in SQL. */
  String shownAs() {
    return switch (kind) {
      case TIME ->
          "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')".formatted(name);
      case NUMBER -> "trim_scale(%s)".formatted(name);
      case TEXT, JSON, LIST, CHECKS, FLAG, ID -> name;
    };
  }

  private Column with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new Column(name, kind, more, least, most, choices, fallback);
  }
}
