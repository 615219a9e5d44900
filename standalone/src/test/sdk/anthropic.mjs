// The Anthropic client behind the SDK's wrapper: a stream that used the cache, and a tool call. This
// wrapper does not tell its runs' ids, so each call has a tag of its own to be found by.
import { monitorAnthropic } from "lunary/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { startProviders } from "./providers.mjs";
import { sent } from "./sent.mjs";

const providers = await startProviders();
const client = monitorAnthropic(
  new Anthropic({ apiKey: "x", baseURL: providers.url, maxRetries: 0 }),
);
const tags = { streamed: crypto.randomUUID(), tools: crypto.randomUUID() };

const streamed = await client.messages.create({
  model: "claude-sonnet-4-5-20250929",
  max_tokens: 10,
  messages: [{ role: "user", content: "Hi" }],
  stream: true,
  tags: [tags.streamed],
});
for await (const event of streamed) {
  // reading it to the end is what ends the run
}
await client.messages.create({
  model: "claude-sonnet-4-5-20250929",
  max_tokens: 10,
  system: "Be brief.",
  messages: [{ role: "user", content: "Weather?" }],
  tools: [{ name: "get_weather", input_schema: { type: "object" } }],
  userId: "user-2",
  tags: [tags.tools],
});

providers.stop();
await sent({ streamed: { tag: tags.streamed }, tools: { tag: tags.tools } });
