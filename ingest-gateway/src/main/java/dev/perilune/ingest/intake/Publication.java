package dev.perilune.ingest.intake;

import dev.perilune.model.wire.Receipt;
import dev.perilune.model.wire.ReceiptBuilder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request on their way to the broker. Ends once: when the last of them is
 * acknowledged or refused by the broker for its own sake, or when the broker is given up.
 */
final class Publication {

  private final Context context;
  private final long startedNanos;
  private final Promise<@Nullable Receipt> done = Promise.promise();

  // one more than the records, until the sender says that it has sent all
  private final AtomicInteger open = new AtomicInteger(1);

  // one writer for each place; read after the countdown, which makes the writes visible
  private final @Nullable String[] refusals;

  // written by the producer's thread alone, read after the countdown
  private final ReceiptBuilder places = new ReceiptBuilder();

  Publication(Context context, @Nullable String[] refusals, long startedNanos) {
    this.context = context;
    this.refusals = refusals;
    this.startedNanos = startedNanos;
  }

  /** Completes on the context of the request; null when nothing was published. */
  Future<@Nullable Receipt> done() {
    return done.future();
  }

  long startedNanos() {
    return startedNanos;
  }

  /** One more record is on its way. */
  void sending() {
    open.incrementAndGet();
  }

  void acknowledged(RecordMetadata where) {
    places.add(where.partition(), where.offset());
    close();
  }

  /** Returns whether the other events still have a chance. */
  boolean failed(int index, @Nullable Exception cause) {
    boolean ownFault = isOwnFault(cause);
    if (ownFault) {
      refusals[index] = "The broker refuses this event: " + cause.getMessage();
      close();
    } else {
      giveUp();
    }
    return ownFault;
  }

  /** Everything was sent; from now on the last answer ends it. */
  void sealed() {
    close();
  }

  /** Ends it without waiting for the rest. */
  void giveUp() {
    context.runOnContext(now -> done.tryFail(EventPublisher.unreachable()));
  }

  private void close() {
    if (open.decrementAndGet() == 0) {
      Receipt receipt = places.build();
      context.runOnContext(now -> done.tryComplete(receipt));
    }
  }

  private static boolean isOwnFault(@Nullable Exception cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof InvalidRecordException
        || cause instanceof SerializationException;
  }
}
