// A conversation: a question, the agent that works on it, the answer, what the user thinks of it.
import lunary from "lunary";
import { sent, work } from "./sent.mjs";

const thread = lunary.openThread({
  id: "thread-" + crypto.randomUUID(),
  tags: ["support"],
  userId: "user-7",
  userProps: { email: "jo@example.org" },
});
const ids = { thread: thread.id };

ids.question = thread.trackMessage({ role: "user", content: "Is it open?", tags: ["hours"] });

const agent = lunary.wrapAgent(async function Clerk(question) {
  return work("Yes, until six.");
});
const run = agent("Is it open?");
ids.agent = run.runId;
await run.setParent(ids.question);

ids.answer = thread.trackMessage({
  id: "answer-" + crypto.randomUUID(),
  role: "assistant",
  content: "Yes, until six.",
});
thread.trackEvent("email-sent", { to: "jo@example.org" });
lunary.trackFeedback(ids.answer, { thumb: "up" });

ids.secondQuestion = thread.trackMessage({ role: "user", content: "And tomorrow?" });

await sent(ids);
