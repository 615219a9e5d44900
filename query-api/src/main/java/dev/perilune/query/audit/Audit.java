package dev.perilune.query.audit;

import dev.perilune.runtime.auth.Caller;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that a caller did. {@link AuditSql#write} adds it to the log in the transaction of the
 * deed, so that neither is there without the other.
 *
 * <p>The log outlives what it speaks of: a resource is named by an id of ours, never by an id, name
 * or text that may be personal data.
 *
 * @param org null to take the project's
 * @param project null for what is done to an organisation
 * @param resourceType, action a pair of {@link AuditCatalogue}; others are shown only to those who
 *     ask for them
 */
public record Audit(
    @Nullable UUID org,
    @Nullable UUID project,
    String resourceType,
    String action,
    @Nullable String resourceId,
    @Nullable String ipAddress,
    @Nullable String userAgent) {

  private static final int LONGEST_AGENT = 500;

  /** What the request's caller does in their own project, if they have one. */
  public static Audit entry(
      RoutingContext ctx, String resourceType, String action, @Nullable Object resourceId) {
    Caller caller = Caller.of(ctx);
    SocketAddress peer = ctx.request().remoteAddress();
    return new Audit(
        caller.org(),
        caller.project() == null ? null : caller.project().value(),
        resourceType,
        action,
        resourceId == null ? null : resourceId.toString(),
        peer == null ? null : peer.hostAddress(),
        shortened(ctx.request().getHeader(HttpHeaders.USER_AGENT)));
  }

  /** The same deed, done in another project of the caller's organisation. */
  public Audit in(UUID otherProject) {
    return new Audit(org, otherProject, resourceType, action, resourceId, ipAddress, userAgent);
  }

  /** The same deed, done to a resource whose id was found out later. */
  public Audit on(String type, Object id) {
    return new Audit(org, project, type, action, id.toString(), ipAddress, userAgent);
  }

  private static @Nullable String shortened(@Nullable String agent) {
    return agent == null || agent.length() <= LONGEST_AGENT
        ? agent
        : agent.substring(0, LONGEST_AGENT);
  }
}
