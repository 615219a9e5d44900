package dev.perilune.query.dashboards;

import static dev.perilune.query.resource.Column.checks;
import static dev.perilune.query.resource.Column.flag;
import static dev.perilune.query.resource.Column.id;
import static dev.perilune.query.resource.Column.number;
import static dev.perilune.query.resource.Column.text;
import static dev.perilune.query.resource.Column.time;
import static dev.perilune.query.resource.Resource.Operation.CREATE;
import static dev.perilune.query.resource.Resource.Operation.DELETE;
import static dev.perilune.query.resource.Resource.Operation.LIST;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.model.RunIds;
import dev.perilune.query.resource.Column;
import dev.perilune.query.resource.Resource;
import dev.perilune.query.resource.ResourceBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of this feature, and the charts that bodies put on dashboards. */
final class Charts {
  static final Column GRANULARITY = text("granularity", "hourly", "daily", "weekly", "monthly");

  /** Charts on dashboards. */
  static final Resource ON_DASHBOARD =
      Resource.inProject("charts", "chart")
          .column(text("name").required())
          .column(text("description"))
          .column(text("type").required())
          .column(text("data_key").required())
          .column(text("aggregation_method"))
          .column(text("primary_dimension"))
          .column(text("secondary_dimension"))
          .column(flag("is_custom").otherwise("false"))
          .column(text("color"))
          .column(id("custom_chart_id"))
          .column(time("start_date"))
          .column(time("end_date"))
          .column(GRANULARITY)
          .column(checks("checks"))
          .column(number("span"))
          .column(number("sort_order").shown())
          .column(id("dashboard_id").shown());

  /** The library: definitions that dashboards use. */
  static final Resource LIBRARY =
      Resource.inProject("dashboards/charts/custom", "custom_chart")
          .column(text("name").required())
          .column(text("type").required())
          .column(text("data_key").required())
          .column(text("description"))
          .column(text("aggregation_method"))
          .column(text("primary_dimension"))
          .column(text("secondary_dimension"))
          .column(text("color"))
          .column(time("start_date"))
          .column(time("end_date"))
          .column(GRANULARITY)
          .column(checks("checks"))
          .column(flag("is_custom").shown())
          .newestFirst("created_at")
          .serving(LIST, CREATE, DELETE);

  private static final int MOST = 100;
  private static final Set<String> SPANS = Set.of("4", "6", "8", "12");

  /**
   * A chart that a dashboard is to have.
   *
   * @param id as the body names it; null for a new one
   */
  record Wanted(@Nullable UUID id, Map<String, @Nullable String> values) {}

  private Charts() {}

  /** The charts of a body in their order; null when it does not speak of them. */
  static @Nullable List<Wanted> of(ResourceBody body) {
    List<ResourceBody> parts = body.parts("charts", MOST);
    if (parts == null) {
      return null;
    }
    List<Wanted> charts = new ArrayList<>();
    for (ResourceBody part : parts) {
      Map<String, @Nullable String> values = part.created(ON_DASHBOARD.settable());
      String span = values.get("span");
      if (span != null && !SPANS.contains(span)) {
        part.wrong("span", "Expected 4, 6, 8 or 12");
      }
      charts.add(new Wanted(uuid(part.get("id")), values));
    }
    return charts;
  }

  /** The built-in charts that a body names; all when it does not speak of them. */
  static List<Wanted> builtIn(ResourceBody body) {
    JsonNode named = body.get("chartIds");
    List<String> ids = new ArrayList<>();
    if (named.isMissingNode()) {
      ids.addAll(BuiltInCharts.ids());
    } else if (named.isArray() && named.size() <= MOST) {
      for (int i = 0; i < named.size(); i++) {
        String id = named.get(i).asText();
        if (BuiltInCharts.has(id)) {
          ids.add(id);
        } else {
          body.wrong(
              "chartIds[" + i + "]",
              "Invalid enum value. Expected '" + String.join("' | '", BuiltInCharts.ids()) + "'");
        }
      }
    } else if (!named.isNull()) {
      body.wrong("chartIds", "Expected array of at most %d element(s)".formatted(MOST));
    }
    return builtIn(ids);
  }

  /** The charts of the default dashboard. */
  static List<Wanted> builtIn() {
    return builtIn(BuiltInCharts.ids());
  }

  private static List<Wanted> builtIn(List<String> ids) {
    return ids.stream().map(id -> new Wanted(null, BuiltInCharts.values(id))).toList();
  }

  /** Ids that a client made up itself are no ids of ours. */
  private static @Nullable UUID uuid(JsonNode id) {
    return id.isTextual() ? RunIds.parseUuid(id.textValue()) : null;
  }
}
