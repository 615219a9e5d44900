package dev.perilune.runtime.auth;

import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the credential of a request into a {@link Caller}, or refuses the request. Put one of these
 * handlers before the route's own; the caller is then {@link Caller#of}.
 */
public final class Authenticate implements Handler<RoutingContext> {

  private enum Door {
    OPTIONAL,
    PROJECT,
    PRIVATE,
    MANAGING,
    ORG
  }

  private final ApiKeys keys;
  private final Door door;

  private Authenticate(ApiKeys keys, Door door) {
    this.keys = keys;
    this.door = door;
  }

  /** A public or private key of a project. */
  public static Handler<RoutingContext> project(ApiKeys keys) {
    return new Authenticate(keys, Door.PROJECT);
  }

  /** A private key of a project. */
  public static Handler<RoutingContext> privateKey(ApiKeys keys) {
    return new Authenticate(keys, Door.PRIVATE);
  }

  /** A private key of a project, or the key of its organisation. */
  public static Handler<RoutingContext> managing(ApiKeys keys) {
    return new Authenticate(keys, Door.MANAGING);
  }

  /** The key of an organisation. */
  public static Handler<RoutingContext> orgKey(ApiKeys keys) {
    return new Authenticate(keys, Door.ORG);
  }

  /** A public or private key of a project, or none at all; a wrong one is still refused. */
  public static Handler<RoutingContext> optional(ApiKeys keys) {
    return new Authenticate(keys, Door.OPTIONAL);
  }

  /**
   * The caller of something that is no HTTP request but has headers like one: a public or private
   * key of a project.
   *
   * @return fails with what {@link #project} would have answered
   */
  public static Future<Caller> projectOf(MultiMap headers, ApiKeys keys) {
    Authenticate door = new Authenticate(keys, Door.PROJECT);
    try {
      UUID key = Credential.keyOf(headers);
      return key == null
          ? Future.succeededFuture(door.admit(Caller.NOBODY))
          : keys.find(key).map(found -> door.admit(found.orElse(null)));
    } catch (Problem refused) {
      return Future.failedFuture(refused);
    }
  }

  @Override
  public void handle(RoutingContext ctx) {
    UUID key = Credential.keyOf(ctx.request().headers());
    if (key == null) {
      admit(Caller.NOBODY).attach(ctx);
      ctx.next();
      return;
    }
    Future<Optional<Caller>> found = keys.find(key);
    if (found.succeeded()) {
      admit(found.result().orElse(null)).attach(ctx);
      ctx.next();
    } else {
      await(ctx, found);
    }
  }

  /** Holds the body back meanwhile: bytes that arrive while nobody listens would be lost. */
  private void await(RoutingContext ctx, Future<Optional<Caller>> found) {
    HttpServerRequest request = ctx.request();
    request.pause();
    found
        .map(caller -> admit(caller.orElse(null)))
        .onSuccess(
            caller -> {
              caller.attach(ctx);
              ctx.next();
            })
        .onFailure(ctx::fail)
        // after next(), so that the route's own handlers are there before the first byte
        .onComplete(done -> request.resume());
  }

  private Caller admit(@Nullable Caller caller) {
    if (caller == null) {
      throw new Problem.Unauthenticated("Invalid API key");
    }
    return switch (caller.kind()) {
      case PRIVATE_KEY -> admitPrivate(caller);
      case PUBLIC_KEY -> admitPublic(caller);
      case ORG_KEY -> admitOrganisation(caller);
      case ANONYMOUS -> admitNobody(caller);
    };
  }

  private Caller admitPrivate(Caller caller) {
    if (door == Door.ORG) {
      throw new Problem.Unauthenticated("Org API key required");
    }
    return caller;
  }

  private Caller admitOrganisation(Caller caller) {
    if (door != Door.MANAGING && door != Door.ORG) {
      throw new Problem.Unauthenticated("Org API key cannot access this route");
    }
    return caller;
  }

  private Caller admitPublic(Caller caller) {
    if (door == Door.PRIVATE || door == Door.MANAGING) {
      throw new Problem.Unauthenticated("This route requires a private API key");
    }
    return admitPrivate(caller);
  }

  private Caller admitNobody(Caller caller) {
    if (door != Door.OPTIONAL) {
      throw new Problem.Unauthenticated("No API key or session token provided");
    }
    return caller;
  }
}
