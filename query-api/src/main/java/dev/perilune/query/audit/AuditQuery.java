package dev.perilune.query.audit;

import dev.perilune.runtime.http.Params;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What part of the log is asked for.
 *
 * @param extended whether pairs are wanted that clients may not know
 * @param from, to both included
 */
record AuditQuery(
    int limit,
    int page,
    boolean extended,
    @Nullable UUID user,
    @Nullable String resourceType,
    @Nullable String action,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable UUID project) {

  private static final int DEFAULT_LIMIT = 30;
  private static final int MAX_LIMIT = 500;

  /** Reads the parameters; {@code project_id} and {@code projectId} mean nothing here. */
  static AuditQuery of(RoutingContext ctx) {
    return new AuditQuery(
        Params.integer(ctx, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        Params.integer(ctx, "page", 0, 0, Integer.MAX_VALUE),
        Params.flag(ctx, "extended", false),
        Params.uuid(ctx, "userId"),
        Params.text(ctx, "resourceType"),
        Params.text(ctx, "action"),
        Params.instant(ctx, "startDate"),
        Params.instant(ctx, "endDate"),
        Params.uuid(ctx, "filterProjectId"));
  }

  long offset() {
    return (long) page * limit;
  }
}
