package dev.perilune.ingest.otlp;

/** What a request carries. */
enum Signal {
  TRACES("rejectedSpans", "span", "trace.v1.TraceService"),
  LOGS("rejectedLogRecords", "log record", "logs.v1.LogsService"),
  METRICS("rejectedDataPoints", "data point", "metrics.v1.MetricsService");

  private final String rejectedField;
  private final String item;
  private final String service;

  Signal(String rejectedField, String item, String service) {
    this.rejectedField = rejectedField;
    this.item = item;
    this.service = service;
  }

  /** JSON name of the count of what was rejected. */
  String rejectedField() {
    return rejectedField;
  }

  /** One of what the request holds, in words. */
  String item() {
    return item;
  }

  /** Path of the gRPC method that takes it. */
  String grpcPath() {
    return "/opentelemetry.proto.collector." + service + "/Export";
  }
}
