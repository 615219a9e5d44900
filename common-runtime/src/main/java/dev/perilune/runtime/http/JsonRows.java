package dev.perilune.runtime.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;

/**
 * Streams rows as a JSON array, piece by piece, as fast as the caller reads them. The first piece
 * is there before the status line is written, so most failures still become an error body; a later
 * one breaks the connection off.
 */
public final class JsonRows {

  private JsonRows() {}

  /**
   * Writes the text before the rows, the rows with commas between them, and the text after them.
   *
   * @param pieces each is rows as JSON with commas between them, possibly none; {@code next()} may
   *     start the work for that piece and is called when the piece before it is on its way
   * @return completes when all is written; hand a failure to {@code ctx.fail}
   */
  public static Future<Void> send(
      RoutingContext ctx, String before, Iterator<Future<Buffer>> pieces, String after) {
    if (!pieces.hasNext()) {
      return Answer.json(ctx, Buffer.buffer(before + after));
    }
    return pieces
        .next()
        .compose(
            first -> {
              Buffer start = Buffer.buffer(before).appendBuffer(first);
              if (!pieces.hasNext()) {
                return Answer.json(ctx, start.appendString(after));
              }
              HttpServerResponse response =
                  ctx.response()
                      .setChunked(true)
                      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
              return response
                  .write(start)
                  .compose(sent -> rest(response, first.length() > 0, pieces, after));
            });
  }

  private static Future<Void> rest(
      HttpServerResponse response, boolean comma, Iterator<Future<Buffer>> pieces, String after) {
    if (!pieces.hasNext()) {
      return response.end(after);
    }
    return pieces
        .next()
        .compose(
            piece -> {
              boolean rows = piece.length() > 0;
              Buffer text = comma && rows ? Buffer.buffer(",").appendBuffer(piece) : piece;
              return response
                  .write(text)
                  .compose(sent -> rest(response, comma || rows, pieces, after));
            });
  }
}
