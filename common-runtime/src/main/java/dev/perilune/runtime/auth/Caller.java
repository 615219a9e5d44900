package dev.perilune.runtime.auth;

import dev.perilune.model.ProjectId;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param project the project that the key opens; null for an organisation key and for nobody
 * @param key the key as presented; null for nobody
 */
public record Caller(
    Kind kind, @Nullable ProjectId project, @Nullable UUID org, @Nullable UUID key) {

  /** What kind of credential was presented. */
  public enum Kind {
    PUBLIC_KEY,
    PRIVATE_KEY,
    ORG_KEY,
    ANONYMOUS
  }

  static final Caller NOBODY = new Caller(Kind.ANONYMOUS, null, null, null);

  private static final String SLOT = "perilune.caller";

  /** The caller that a handler of {@link Authenticate} found; nobody on routes without one. */
  public static Caller of(RoutingContext ctx) {
    Caller caller = ctx.get(SLOT);
    return caller == null ? NOBODY : caller;
  }

  /**
   * The project of a caller that has one.
   *
   * @throws IllegalStateException on a route that lets in callers without a project
   */
  public ProjectId requiredProject() {
    if (project == null) {
      throw new IllegalStateException("This route lets in callers without a project");
    }
    return project;
  }

  /**
   * The organisation of a caller that presented a key.
   *
   * @throws IllegalStateException on a route that lets in callers without one
   */
  public UUID requiredOrg() {
    if (org == null) {
      throw new IllegalStateException("This route lets in callers without an organisation");
    }
    return org;
  }

  void attach(RoutingContext ctx) {
    ctx.put(SLOT, this);
  }
}
