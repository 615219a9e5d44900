// How every script ends: all events are out, then one line of JSON tells which runs to look for.
import lunary from "lunary";

const LIMIT_MS = 30_000;

/** Waits until the SDK's queue is empty, then prints the ids. */
export async function sent(ids) {
  const deadline = Date.now() + LIMIT_MS;
  while (lunary.queue.length > 0) {
    if (Date.now() > deadline) {
      throw new Error(`${lunary.queue.length} events were not sent within ${LIMIT_MS} ms`);
    }
    // flush() returns at once while a request is under way
    await lunary.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(JSON.stringify(ids));
}

/** Long enough for a call to count as one that was paid for (10 ms and more). */
export function work(value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), 25));
}
