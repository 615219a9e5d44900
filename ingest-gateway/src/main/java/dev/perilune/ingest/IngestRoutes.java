package dev.perilune.ingest;

import dev.perilune.ingest.events.IngestHandler;
import dev.perilune.runtime.auth.ApiKeys;
import dev.perilune.runtime.auth.Authenticate;
import io.vertx.ext.web.Router;

/** Method and path to handler. */
final class IngestRoutes {

  private IngestRoutes() {}

  static void mount(Router router, ApiKeys keys, IngestHandler handler) {
    router.post("/v1/runs/ingest").handler(Authenticate.optional(keys)).handler(handler::ingest);
    router.post("/api/report").handler(Authenticate.optional(keys)).handler(handler::report);
  }
}
