package dev.perilune.query.resource;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table as bodies and answers show it.
 *
 * @param name in the table; bodies call it the same in camel case
 * @param choices what a text may be; empty = anything
 * @param fallback value of a new row whose body has none, in Postgres' text form; null = none
 */
public record Column(
    String name, Kind kind, Set<Trait> traits, List<String> choices, @Nullable String fallback) {

  /** What a column holds; {@code CHECKS} is a list that the filter language can read. */
  public enum Kind {
    TEXT("text"),
    NUMBER("numeric"),
    TIME("timestamptz"),
    JSON("json"),
    LIST("json"),
    CHECKS("json"),
    FLAG("boolean"),
    ID("uuid");

    public final String sqlType;

    Kind(String sqlType) {
      this.sqlType = sqlType;
    }
  }

  /** What is special: a fixed column is set once, a shown one never, a narrowing one asked for. */
  public enum Trait {
    REQUIRED,
    NOT_NULL,
    NOT_EMPTY,
    FIXED,
    SHOWN,
    NARROWING
  }

  public Column {
    traits = Set.copyOf(traits);
    choices = List.copyOf(choices);
  }

  public static Column text(String name, String... choices) {
    return new Column(name, Kind.TEXT, Set.of(), List.of(choices), null);
  }

  /** Zero or more, with at most 15 decimals. */
  public static Column number(String name) {
    return of(name, Kind.NUMBER);
  }

  public static Column time(String name) {
    return of(name, Kind.TIME);
  }

  /** Any JSON, returned as it came. */
  public static Column json(String name) {
    return of(name, Kind.JSON);
  }

  public static Column list(String name) {
    return of(name, Kind.LIST);
  }

  public static Column checks(String name) {
    return of(name, Kind.CHECKS);
  }

  public static Column flag(String name) {
    return of(name, Kind.FLAG);
  }

  public static Column id(String name) {
    return of(name, Kind.ID);
  }

  public Column required() {
    return with(Trait.REQUIRED).with(Trait.NOT_NULL);
  }

  public Column notNull() {
    return with(Trait.NOT_NULL);
  }

  public Column notEmpty() {
    return with(Trait.NOT_EMPTY);
  }

  public Column fixed() {
    return with(Trait.FIXED);
  }

  public Column shown() {
    return with(Trait.SHOWN);
  }

  /** Lists can be narrowed by it, as in {@code ?type=llm}. */
  public Column narrowing() {
    return with(Trait.NARROWING);
  }

  public Column otherwise(String value) {
    return new Column(name, kind, traits, choices, value);
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

  private static Column of(String name, Kind kind) {
    return new Column(name, kind, Set.of(), List.of(), null);
  }

  private Column with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new Column(name, kind, more, choices, fallback);
  }
}
