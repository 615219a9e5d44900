package dev.perilune.ingest.events;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.perilune.ingest.intake.IngestResult;
import dev.perilune.model.wire.Receipt;
import dev.perilune.runtime.http.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Writes what became of each event, in the two forms that clients know. */
final class IngestAnswer {

  private static final CharSequence RECEIPT = HttpHeaders.createOptimized("X-Perilune-Receipt");

  /** A longer receipt goes into the body alone: clients limit what headers may take. */
  private static final int LONGEST_HEADER = 4096;

  private static final int TYPICAL_RESULT_CHARS = 64;

  private IngestAnswer() {}

  /** {@code {"results":[…],"receipt":"…"}}; no receipt when nothing was taken. */
  static void wrapped(RoutingContext ctx, IngestResult result) {
    String receipt = sendReceipt(ctx, result.receipt());
    StringBuilder json = new StringBuilder(32 + result.size() * TYPICAL_RESULT_CHARS);
    json.append("{\"results\":");
    appendResults(json, result);
    if (receipt != null) {
      json.append(",\"receipt\":\"").append(receipt).append('"');
    }
    Answer.json(ctx, Buffer.buffer(json.append('}').toString()));
  }

  /** The bare list of results, as the legacy route answers. */
  static void bare(RoutingContext ctx, IngestResult result) {
    sendReceipt(ctx, result.receipt());
    StringBuilder json = new StringBuilder(2 + result.size() * TYPICAL_RESULT_CHARS);
    appendResults(json, result);
    Answer.json(ctx, Buffer.buffer(json.toString()));
  }

  private static @Nullable String sendReceipt(RoutingContext ctx, @Nullable Receipt receipt) {
    if (receipt == null) {
      return null;
    }
    String token = receipt.token();
    if (token.length() <= LONGEST_HEADER) {
      ctx.response().putHeader(RECEIPT, token);
    }
    return token;
  }

  private static void appendResults(StringBuilder json, IngestResult result) {
    json.append('[');
    for (int i = 0; i < result.size(); i++) {
      json.append(i == 0 ? "{" : ",{");
      String id = result.ids()[i];
      if (id != null) {
        json.append("\"id\":").append(id).append(',');
      }
      String refusal = result.refusals()[i];
      json.append("\"success\":").append(refusal == null);
      if (refusal != null) {
        json.append(",\"error\":\"");
        JsonStringEncoder.getInstance().quoteAsString(refusal, json);
        json.append('"');
      }
      json.append('}');
    }
    json.append(']');
  }
}
