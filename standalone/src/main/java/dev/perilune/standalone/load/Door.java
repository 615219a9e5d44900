package dev.perilune.standalone.load;

import dev.perilune.model.RunIds;
import dev.perilune.standalone.load.Instance.Answer;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A way in for runs: where to, in which form, and how its answers are read. */
enum Door {
  /** The start and the end of each run, as the SDKs send them. */
  EVENTS("events", 2, "/v1/runs/ingest", "application/json") {
    @Override
    Batches batches(LoadPlan plan, long seed) {
      return new BatchWriter(plan, seed)::next;
    }

    /** Every event has a result of its own. */
    @Override
    int taken(Answer answer, int sent) {
      return count(answer.body(), SUCCESS);
    }

    @Override
    String refused() {
      return "refusedEvents";
    }
  },

  /** One span for each run, as exporters of OpenTelemetry send them. */
  SPANS("spans", 1, "/v1/traces", "application/x-protobuf") {
    @Override
    Batches batches(LoadPlan plan, long seed) {
      OtlpBodies bodies = new OtlpBodies(seed, plan.inputBytes(), plan.outputBytes());
      return nowMillis -> {
        OtlpBodies.Request request = bodies.request(plan.itemsPerRequest(), nowMillis);
        return new RunBatch(request.body(), RunIds.seedUuid(request.lastSpanId()));
      };
    }

    /** An empty answer is a full success. */
    @Override
    int taken(Answer answer, int sent) {
      return sent - OtlpBodies.rejectedSpans(answer.body().getBytes());
    }

    @Override
    String refused() {
      return "refusedSpans";
    }
  };

  private static final byte[] SUCCESS = "\"success\":true".getBytes(StandardCharsets.ISO_8859_1);

  private final String items;
  private final int itemsPerRun;
  private final String path;
  private final String contentType;

  Door(String items, int itemsPerRun, String path, String contentType) {
    this.items = items;
    this.itemsPerRun = itemsPerRun;
    this.path = path;
    this.contentType = contentType;
  }

  /** Makes one request after the other; for use by one thread. */
  interface Batches {
    RunBatch next(long nowMillis);
  }

  /** The same seed gives the same requests, but for their times. */
  abstract Batches batches(LoadPlan plan, long seed);

  /** How many of the items sent an answer of 200 says were taken. */
  abstract int taken(Answer answer, int sent);

  /** Name of the figure that counts those that were not. */
  abstract String refused();

  /** What a request holds, in words. */
  String items() {
    return items;
  }

  int itemsPerRun() {
    return itemsPerRun;
  }

  String path() {
    return path;
  }

  String contentType() {
    return contentType;
  }

  private static int count(Buffer body, byte[] text) {
    int count = 0;
    int at = 0;
    for (int i = 0; i < body.length(); i++) {
      byte next = body.getByte(i);
      at = next == text[at] ? at + 1 : next == text[0] ? 1 : 0;
      if (at == text.length) {
        count++;
        at = 0;
      }
    }
    return count;
  }
}
