// LangChain's callbacks as it calls them, on the SDK's handler.
import { LunaryHandler } from "lunary/langchain";
import { sent, work } from "./sent.mjs";

const handler = new LunaryHandler({
  publicKey: process.env.LUNARY_PUBLIC_KEY,
  apiUrl: process.env.LUNARY_API_URL,
});
const kind = (name) => ({ id: ["langchain", "kind", name], kwargs: {} });
const ids = {
  agent: crypto.randomUUID(),
  model: crypto.randomUUID(),
  retriever: crypto.randomUUID(),
  tool: crypto.randomUUID(),
};

await handler.handleChainStart(kind("AgentExecutor"), { input: "Why?" }, ids.agent, undefined, ["tg"], {
  agentName: "Thinker",
  userId: "user-3",
  userProps: { plan: "free" },
});
await handler.handleLLMStart(
  { ...kind("OpenAI"), kwargs: { model: "gpt-4o" } },
  ["Why?"],
  ids.model,
  ids.agent,
  { invocation_params: { stop: ["\n"] } },
  [],
  { step: 1 },
);
await work();
await handler.handleLLMEnd(
  {
    generations: [[{ text: "Because." }]],
    llmOutput: { tokenUsage: { promptTokens: 100, completionTokens: 50 } },
  },
  ids.model,
);
await handler.handleRetrieverStart(kind("VectorStore"), "reasons", ids.retriever, ids.agent, [], {});
await handler.handleRetrieverEnd(
  [{ pageContent: "Reasons are many.", metadata: { source: "file" } }],
  ids.retriever,
  ids.agent,
  [],
);
await handler.handleToolStart(kind("Calculator"), "1+1", ids.tool, ids.agent, [], {});
await handler.handleToolError(new Error("no batteries"), ids.tool);
await handler.handleChainEnd({ output: "Because." }, ids.agent);

await sent(ids);
