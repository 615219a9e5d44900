// The OpenAI client behind the SDK's wrapper: plain, with tools, streamed, refused.
import lunary from "lunary";
import { monitorOpenAI } from "lunary/openai";
import OpenAI from "openai";
import { startProviders } from "./providers.mjs";
import { sent } from "./sent.mjs";

const providers = await startProviders();
const client = monitorOpenAI(
  new OpenAI({ apiKey: "x", baseURL: providers.url + "/v1", maxRetries: 0 }),
);
const ids = {};
const create = (name, request) => {
  const call = client.chat.completions.create(request);
  ids[name] = call.runId;
  return call;
};
const hi = [{ role: "user", content: "Hi" }];

await create("plain", {
  model: "gpt-4o",
  messages: [{ role: "system", content: "Be brief." }, ...hi],
  temperature: 0.5,
  max_tokens: 5,
  user: "user-1",
  userProps: { plan: "pro" },
  tags: ["a"],
  metadata: { tenant: "acme" },
});
await create("tools", {
  model: "gpt-4o",
  messages: [
    { role: "user", content: [{ type: "text", text: "Weather?" }] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c0", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", content: "sun", tool_call_id: "c0" },
  ],
  tools: [
    {
      type: "function",
      function: { name: "get_weather", parameters: { type: "object", properties: {} } },
    },
  ],
});
const streamed = await create("streamed", { model: "gpt-4o", messages: hi, stream: true });
for await (const chunk of streamed) {
  // reading it to the end is what ends the run
}
// last, because the end of a streamed run is reported a moment after its last piece
await create("failed", { model: "broken", messages: [] }).catch(() => {});

providers.stop();
await sent(ids);
