package dev.perilune.query.models;

import static dev.perilune.query.resource.Column.number;
import static dev.perilune.query.resource.Column.text;
import static dev.perilune.query.resource.Column.time;
import static dev.perilune.query.resource.Resource.Operation.DELETE;

import dev.perilune.model.NamePattern;
import dev.perilune.query.resource.Resource;
import dev.perilune.query.resource.ResourceBody;
import dev.perilune.query.resource.ResourceRoutes;
import dev.perilune.query.resource.ResourceSql;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Caller;
import dev.perilune.runtime.db.Database;
import dev.perilune.runtime.http.Answer;
import dev.perilune.runtime.http.Params;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Prices of models. An organisation changes its own; those that ship with the product are listed
 * beside them and belong to nobody.
 */
public final class Models {

  public static final Resource MODELS =
      Resource.inOrganisation("models", "model_mapping")
          .column(text("name").required().notEmpty())
          .column(text("pattern").required().notEmpty())
          .column(text("unit", "TOKENS", "CHARACTERS", "MILLISECONDS").required())
          .column(number("input_cost").required())
          .column(number("output_cost").required())
          .column(number("input_caching_cost_reduction").otherwise("0"))
          .column(text("tokenizer").otherwise(""))
          .column(text("provider"))
          .column(time("start_date").otherwise("2020-01-01T00:00:00Z"))
          .auditedAs("cost_mapping")
          .serving(DELETE);

  private static final String PATTERN = "pattern";
  private static final String INPUT = "input_cost";
  private static final String REDUCTION = "input_caching_cost_reduction";
  private static final String PATH = "/v1/models";

  private final ResourceRoutes routes;
  private final ResourceSql rows;
  private final ModelSql sql;

  public Models(Database database, ApiKeys keys, Handler<RoutingContext> rateLimit) {
    this.routes = new ResourceRoutes(database, keys, rateLimit, MODELS);
    this.rows = routes.sql();
    this.sql = new ModelSql(database);
  }

  /** Adds the routes to one event loop's router. */
  public void mount(Router router) {
    routes.serve(router, HttpMethod.GET, PATH, this::list);
    routes.serve(router, HttpMethod.POST, PATH, this::create);
    routes.serve(router, HttpMethod.PATCH, PATH + "/:id", this::patch);
    routes.mount(router);
  }

  private void list(RoutingContext ctx) {
    sql.all(Caller.of(ctx).requiredOrg())
        .compose(prices -> Answer.json(ctx, prices))
        .onFailure(ctx::fail);
  }

  private void create(RoutingContext ctx) {
    ResourceBody body = ResourceBody.of(ctx);
    Map<String, @Nullable String> values = body.created(MODELS.settable());
    checkPattern(body, values);
    checkReduction(body, values.get(INPUT), values.get(REDUCTION));
    body.checked();
    rows.create(ctx, values).compose(price -> Answer.json(ctx, price)).onFailure(ctx::fail);
  }

  private void patch(RoutingContext ctx) {
    UUID id = Params.pathUuid(ctx, "id");
    ResourceBody body = ResourceBody.of(ctx);
    Map<String, @Nullable String> values = body.changed(MODELS.settable());
    checkPattern(body, values);
    body.checked();
    rows.read(Caller.of(ctx), id)
        .compose(
            stored -> {
              JsonObject before = stored.toJsonObject();
              checkReduction(
                  body,
                  values.getOrDefault(INPUT, plain(before.getValue("inputCost"))),
                  values.getOrDefault(
                      REDUCTION, plain(before.getValue("inputCachingCostReduction"))));
              body.checked();
              return rows.patch(ctx, id, values);
            })
        .compose(price -> Answer.json(ctx, price))
        .onFailure(ctx::fail);
  }

  private static void checkPattern(ResourceBody body, Map<String, @Nullable String> values) {
    String pattern = values.get(PATTERN);
    if (pattern != null && NamePattern.of(pattern).isEmpty()) {
      body.wrong(
          PATTERN,
          "Must be a regular expression of at most 2000 characters that repeats nothing more than"
              + " 10000 times");
    }
  }

  /** What a cached token costs less cannot be more than it costs. */
  private static void checkReduction(
      ResourceBody body, @Nullable String input, @Nullable String reduction) {
    if (input != null
        && reduction != null
        && new BigDecimal(reduction).compareTo(new BigDecimal(input)) > 0) {
      body.wrong(
          "inputCachingCostReduction", "Number must be less than or equal to inputCost, " + input);
    }
  }

  private static @Nullable String plain(@Nullable Object number) {
    return number == null ? null : number.toString();
  }
}
