package dev.perilune.query.analytics;

import io.vertx.core.buffer.Buffer;

/**
 * What a question is answered with.
 *
 * @param approximate whether it holds percentiles from a histogram
 */
record Body(Buffer json, boolean approximate) {

  static Body exact(Buffer json) {
    return new Body(json, false);
  }

  static Body of(Series series) {
    return new Body(AnalyticsJson.series(series), series.approximate());
  }
}
