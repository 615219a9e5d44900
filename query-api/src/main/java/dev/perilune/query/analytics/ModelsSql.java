package dev.perilune.query.analytics;

import dev.perilune.query.analytics.TopSql.Usage;
import dev.perilune.query.analytics.time.Grains;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rankings of models by tokens. */
final class ModelsSql {

  private static final String MODELS =
      """
      SELECT f.name, %s
        FROM %s
       WHERE f.type = 'llm' AND f.name <> ''%s
       GROUP BY f.name
      HAVING sum(f.runs) <> 0
       ORDER BY total_tokens DESC, cost DESC, name COLLATE "C"
      """;

  private static final String PROJECTS =
      "SELECT id, name FROM project WHERE org_id = $1 AND deleted_at IS NULL ORDER BY id";

  /** What a model used, in all projects or in the one that used it most. */
  private record Used(
      String name, BigDecimal prompt, BigDecimal completion, BigDecimal cost, String project) {

    static final Comparator<Used> BUSIEST =
        Comparator.comparing(Used::total)
            .thenComparing(Used::cost)
            .reversed()
            .thenComparing(Used::name);

    static Used of(Row row, String project) {
      return new Used(
          row.getString("name"),
          row.getBigDecimal("prompt_tokens"),
          row.getBigDecimal("completion_tokens"),
          row.getBigDecimal("cost"),
          project);
    }

    BigDecimal total() {
      return prompt.add(completion);
    }

    /** Both together, under the name of the project of this one. */
    Used and(Used other) {
      return new Used(
          name,
          prompt.add(other.prompt),
          completion.add(other.completion),
          cost.add(other.cost),
          project);
    }
  }

  private final ReadSql read;

  ModelsSql(ReadSql read) {
    this.read = read;
  }

  /** The models of a project. */
  Future<List<Map<String, @Nullable Object>>> ofProject(UUID project, TopQuery query) {
    ScopeSql scope = ScopeSql.ofProject(project, query.window(), query.filter());
    return read.rows(
        models(scope, query) + " LIMIT " + query.limit(),
        scope.values(),
        row -> {
          Map<String, @Nullable Object> model = new LinkedHashMap<>();
          model.put("name", row.getString("name"));
          return Usage.put(model, row);
        });
  }

  /** The models of all projects of an organisation, each with its busiest project. */
  Future<List<Map<String, @Nullable Object>>> ofOrg(UUID org, TopQuery query) {
    return read.rows(PROJECTS, Tuple.of(org), row -> Map.entry(row.getUUID(0), row.getString(1)))
        .compose(projects -> ofEach(projects, query, new ArrayList<>()))
        .map(used -> ranked(used, query.limit()));
  }

  // one after the other: an organisation's question must not take all connections
  private Future<List<Used>> ofEach(
      List<Map.Entry<UUID, String>> projects, TopQuery query, List<Used> found) {
    if (projects.isEmpty()) {
      return Future.succeededFuture(found);
    }
    Map.Entry<UUID, String> project = projects.get(0);
    ScopeSql scope = ScopeSql.ofProject(project.getKey(), query.window(), query.filter());
    return read.rows(models(scope, query), scope.values(), row -> Used.of(row, project.getValue()))
        .compose(
            some -> {
              found.addAll(some);
              return ofEach(projects.subList(1, projects.size()), query, found);
            });
  }

  private static List<Map<String, @Nullable Object>> ranked(List<Used> used, int limit) {
    Map<String, Used> byName = new LinkedHashMap<>();
    // in this order the first of each name is the busiest
    used.stream().sorted(Used.BUSIEST).forEach(one -> byName.merge(one.name(), one, Used::and));
    return byName.values().stream().sorted(Used.BUSIEST).limit(limit).map(ModelsSql::row).toList();
  }

  private static Map<String, @Nullable Object> row(Used used) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", used.name());
    row.put("promptTokens", used.prompt());
    row.put("completionTokens", used.completion());
    row.put("totalTokens", used.total());
    row.put("cost", used.cost());
    row.put("projectName", used.project());
    return row;
  }

  private static String models(ScopeSql scope, TopQuery query) {
    boolean kept = query.userId().isEmpty() && query.filter().asksTypeAndNameOnly();
    String user =
        query.userId().map(id -> " AND r.external_user_id = " + scope.argument(id)).orElse("");
    String name = query.name().map(one -> " AND f.name = " + scope.argument(one)).orElse("");
    String figures =
        kept
            ? FiguresSql.kept(scope, Grains.of(query.window()))
            : FiguresSql.ofRuns(scope, "r.type = 'llm'" + user);
    return MODELS.formatted(Usage.sums("f"), figures, name);
  }
}
