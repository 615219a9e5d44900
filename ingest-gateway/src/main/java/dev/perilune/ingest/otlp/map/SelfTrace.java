package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.decode.Source;

/**
 * What this product tells of itself when its operators trace it: sent back to it, each request
 * would make spans of its own, without end. It takes both the service's name and the mark, so that
 * an application of the same name keeps its spans.
 */
final class SelfTrace {
  private static final String NAME = "service.name";
  private static final String OWN_NAME = "perilune";
  private static final String MARK = "perilune.self_trace";

  private SelfTrace() {}

  static boolean isOf(Source source) {
    return OWN_NAME.equals(source.resource().get(NAME))
        && Boolean.TRUE.equals(Coerce.flag(source.resource().get(MARK)));
  }
}
