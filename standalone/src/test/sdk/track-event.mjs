// Runs reported by hand, without any wrapper.
import lunary from "lunary";
import { sent, work } from "./sent.mjs";

const call = "call-" + crypto.randomUUID();
lunary.trackEvent("llm", "start", {
  runId: call,
  name: "gpt-4o",
  input: [{ role: "user", content: "Hello world!" }],
  params: { temperature: 0, max_tokens: 100 },
  userId: "user-1",
  userProps: { plan: "pro" },
  tags: ["by-hand"],
});
await work();
lunary.trackEvent("llm", "end", {
  runId: call,
  output: { role: "assistant", content: "Hello. How are you?" },
});

const failed = crypto.randomUUID();
lunary.trackEvent("llm", "start", { runId: failed, name: "gpt-4o", input: "Hi" });
lunary.trackEvent("llm", "error", { runId: failed, error: { message: "No answer" } });

lunary.trackFeedback(call, { thumb: "up", comment: "Nice" });
lunary.info("a line of a log", { a: 1 });

// more than the 20 events after which the SDK sends at once
const burst = Array.from({ length: 30 }, () => crypto.randomUUID());
burst.forEach((runId, i) => {
  lunary.trackEvent("tool", "start", { runId, name: "burst", input: String(i) });
  lunary.trackEvent("tool", "end", { runId, output: i });
});

await sent({ call, failed, burstFirst: burst[0], burstLast: burst[29] });
