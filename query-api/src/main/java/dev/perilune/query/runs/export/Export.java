package dev.perilune.query.runs.export;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * One export on its way: reads a piece, writes it, waits until the socket has taken it, and so on.
 * A caller who goes away stops the reading.
 */
final class Export {

  private static final String ROW_COUNT = "X-Perilune-Row-Count";
  private static final String TRUNCATED = "X-Perilune-Truncated";

  private final Vertx vertx;
  private final ExportSql runs;
  private final ExportFormat format;
  private final ExportWriter writer;
  private final HttpServerResponse response;
  private final Promise<Void> done = Promise.promise();
  private boolean gone;

  Export(
      Vertx vertx,
      ExportSql runs,
      ExportFormat format,
      ExportWriter writer,
      HttpServerResponse response) {
    this.vertx = vertx;
    this.runs = runs;
    this.format = format;
    this.writer = writer;
    this.response = response;
  }

  /** Completes when all is written or the caller is gone; fails when it can't be read. */
  Future<Void> send() {
    response.closeHandler(closed -> stop());
    response.exceptionHandler(broken -> stop());
    step();
    return done.future().eventually(runs::close);
  }

  private void stop() {
    if (!gone && !done.future().isComplete()) {
      gone = true;
      runs.cancel();
      done.tryComplete();
    }
  }

  // no chain of futures: it would grow with every piece
  private void step() {
    runs.next()
        .compose(items -> items.isEmpty() ? end() : piece(items).map(true))
        .onSuccess(
            more -> {
              if (more && !gone) {
                step();
              } else {
                done.tryComplete();
              }
            })
        // the database says so when it is told to stop
        .onFailure(cause -> fail(cause));
  }

  private void fail(Throwable cause) {
    if (gone || response.closed()) {
      done.tryComplete();
    } else {
      done.tryFail(cause);
    }
  }

  private Future<Void> piece(List<ExportItem> items) {
    return encoded(items).compose(bytes -> bytes.length == 0 ? nothing() : write(bytes));
  }

  private Future<byte[]> encoded(List<ExportItem> items) {
    return vertx.executeBlocking(
        () -> {
          for (ExportItem item : items) {
            writer.write(item);
          }
          return writer.take();
        });
  }

  private Future<Boolean> end() {
    return vertx
        .executeBlocking(writer::end)
        .compose(
            last -> {
              begin();
              response.putTrailer(ROW_COUNT, Long.toString(writer.rows()));
              response.putTrailer(TRUNCATED, Boolean.toString(runs.truncated()));
              return response.end(Buffer.buffer(last)).map(false);
            });
  }

  private Future<Void> write(byte[] bytes) {
    begin();
    return response.write(Buffer.buffer(bytes));
  }

  // as late as possible: until then a failure is still an error body
  private void begin() {
    if (!response.headWritten()) {
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, format.contentType())
          .putHeader("Content-Disposition", "attachment; filename=\"" + format.fileName() + "\"")
          .putHeader("Trailer", ROW_COUNT + ", " + TRUNCATED);
    }
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }
}
