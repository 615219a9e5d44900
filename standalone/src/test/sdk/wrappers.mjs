// An agent that calls a model, a tool and a chain that fails, for a known user.
import lunary from "lunary";
import { sent, work } from "./sent.mjs";

const ids = {};

const model = lunary.wrapModel(
  async function complete(messages) {
    return work({ role: "assistant", content: "use 1+2" });
  },
  {
    nameParser: () => "gpt-4o-mini",
    params: { temperature: 0 },
    tokensUsageParser: async () => ({ prompt: 1000, completion: 500 }),
    tags: ["math"],
  },
);
const calculator = lunary.wrapTool(async function Calculator(formula) {
  return work(3);
});
const doubtful = lunary.wrapChain(async function Doubt(reason) {
  throw new Error("nope");
});

const agent = lunary.wrapAgent(
  async function Mathematician(question) {
    const answer = model([{ role: "user", content: question }]);
    ids.model = answer.runId;
    await answer;
    const result = calculator("1+2");
    ids.tool = result.runId;
    const doubt = doubtful("why?");
    ids.chain = doubt.runId;
    await doubt.catch(() => {});
    return await result;
  },
  { metadata: { topic: "sums" } },
);

const run = agent("What is 1+2?");
ids.agent = run.runId;
await run.identify("user-9", { plan: "pro" });

await sent(ids);
