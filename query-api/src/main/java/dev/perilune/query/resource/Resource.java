package dev.perilune.query.resource;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A collection: a table whose rows belong to a project or an organisation, and how it is served.
 * Every such table has {@code id}, {@code created_at}, {@code updated_at} and the owner's column.
 *
 * @param path below {@code /v1/}
 * @param owner column of who it belongs to: {@code project_id} or {@code org_id}
 * @param audited resource type in the audit log
 * @param newestFirst column that lists are ordered by, the latest first
 * @param naming column whose change alone is a renaming; null = there is no such action
 */
public record Resource(
    String path,
    String table,
    String owner,
    List<Column> columns,
    String audited,
    String newestFirst,
    @Nullable String naming,
    Set<Operation> operations) {

  /** The routes of a collection. */
  public enum Operation {
    LIST,
    READ,
    CREATE,
    PATCH,
    DELETE
  }

  public Resource {
    columns = List.copyOf(columns);
    operations = Set.copyOf(operations);
  }

  /** A project's collection at {@code /v1/path}, kept in this table; audited by its name. */
  public static Resource inProject(String path, String table) {
    return new Resource(path, table, "project_id", List.of(), table, "updated_at", null, Set.of());
  }

  /** An organisation's collection. */
  public static Resource inOrganisation(String path, String table) {
    return new Resource(path, table, "org_id", List.of(), table, "updated_at", null, Set.of());
  }

  public Resource column(Column column) {
    List<Column> more = new ArrayList<>(columns);
    more.add(column);
    return new Resource(path, table, owner, more, audited, newestFirst, naming, operations);
  }

  public Resource auditedAs(String type) {
    return new Resource(path, table, owner, columns, type, newestFirst, naming, operations);
  }

  public Resource newestFirst(String column) {
    return new Resource(path, table, owner, columns, audited, column, naming, operations);
  }

  public Resource renamedBy(String column) {
    return new Resource(path, table, owner, columns, audited, newestFirst, column, operations);
  }

  /** Which routes the kit serves; what is left out is served elsewhere or not at all. */
  public Resource serving(Operation... served) {
    Set<Operation> set = EnumSet.noneOf(Operation.class);
    set.addAll(List.of(served));
    return new Resource(path, table, owner, columns, audited, newestFirst, naming, set);
  }

  boolean isOfProject() {
    return owner.equals("project_id");
  }

  /** Columns that bodies may set. */
  public List<Column> settable() {
    return columns.stream().filter(column -> !column.is(Column.Trait.SHOWN)).toList();
  }

  Stream<Column> narrowing() {
    return columns.stream().filter(column -> column.is(Column.Trait.NARROWING));
  }

  /** A row as one JSON object, for the select list of a statement. */
  public String row() {
    return Stream.concat(
            Stream.of(
                Column.id("id"),
                Column.time("created_at"),
                Column.time("updated_at"),
                Column.id(owner)),
            columns.stream())
        .map(column -> "'%s', %s".formatted(column.field(), column.shownAs()))
        .collect(Collectors.joining(", ", "json_build_object(", ")::text AS json"));
  }

  String notFound() {
    return table.replace('_', ' ') + " not found";
  }
}
