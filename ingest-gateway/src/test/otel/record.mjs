// Drives real instrumentations against models that stand in for the providers.
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import * as openaiModule from "openai";
import * as anthropicModule from "@anthropic-ai/sdk";
import { trace } from "@opentelemetry/api";
import { OpenAIInstrumentation as OpenInference } from "@arizeai/openinference-instrumentation-openai";
import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import { OpenAIInstrumentation as Traceloop } from "@traceloop/instrumentation-openai";
import { AnthropicInstrumentation } from "@traceloop/instrumentation-anthropic";
import * as callbacks from "@langchain/core/callbacks/manager";
import { ChatOpenAI } from "@langchain/openai";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { record } from "./recorder.mjs";
import { startModels } from "./models.mjs";

const models = await startModels();
const hi = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Weather in Paris?" },
];
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

const openaiCalls = async (client) => {
  await trace.getTracer("app").startActiveSpan("handle request", async (span) => {
    await client.chat.completions.create({
      model: "gpt-4o",
      messages: hi,
      temperature: 0.2,
      max_tokens: 100,
      tools: [weather],
      user: "user-1",
    });
    await client.chat.completions.create({
      model: "gpt-4o",
      messages: [
        ...hi,
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "sun" },
      ],
    });
    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      messages: hi,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      // reading to the end is what ends the span
    }
    await client.chat.completions.create({ model: "broken", messages: hi }).catch(() => {});
    span.end();
  });
};

const newOpenAI = () => new OpenAI({ apiKey: "x", baseURL: models.url, maxRetries: 0 });

await record("openinference-openai", async (provider) => {
  const instrumentation = new OpenInference({ tracerProvider: provider });
  instrumentation.manuallyInstrument(OpenAI);
  const client = newOpenAI();
  await openaiCalls(client);
  await client.embeddings.create({ model: "text-embedding-3-small", input: ["one", "two"] });
  await client.responses.create({ model: "gpt-4o", instructions: "Be brief.", input: "Weather?" });
  instrumentation.disable();
});

await record("openinference-langchain", async (provider) => {
  const instrumentation = new LangChainInstrumentation({ tracerProvider: provider });
  instrumentation.manuallyInstrument(callbacks);
  const model = new ChatOpenAI({
    model: "gpt-4o",
    apiKey: "x",
    temperature: 0,
    configuration: { baseURL: models.url },
  });
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "Be brief."],
    ["user", "Weather in {city}?"],
  ]);
  await prompt.pipe(model).invoke({ city: "Paris" }, { tags: ["demo"], metadata: { session_id: "s-9" } });
});

await record("openllmetry-openai", async (provider) => {
  const instrumentation = new Traceloop();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  await openaiCalls(newOpenAI());
});

await record("openllmetry-anthropic", async (provider) => {
  const instrumentation = new AnthropicInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(anthropicModule);
  const client = new Anthropic({ apiKey: "x", baseURL: models.url.replace("/v1", ""), maxRetries: 0 });
  await client.messages.create({
    model: "claude-sonnet-4-5",
    max_tokens: 100,
    system: "Be brief.",
    messages: [{ role: "user", content: "Weather in Paris?" }],
    tools: [{ name: "get_weather", input_schema: { type: "object", properties: {} } }],
  });
});

await record("vercel-ai", async (provider) => {
  const openai = createOpenAI({ apiKey: "x", baseURL: models.url });
  const telemetry = {
    isEnabled: true,
    functionId: "forecast",
    tracer: provider.getTracer("ai"),
    metadata: { lunary_user_id: "user-42", thread_id: "thread-42", tags: ["a", "b"], plan: "pro" },
  };
  const schema = jsonSchema({ type: "object", properties: { city: { type: "string" } } });
  await generateText({
    model: openai.chat("gpt-4o"),
    system: "Be brief.",
    prompt: "Weather in Paris?",
    temperature: 0.2,
    maxRetries: 0,
    stopWhen: stepCountIs(3),
    tools: {
      get_weather: tool({
        description: "Weather of a city",
        inputSchema: schema,
        execute: async () => ({ temperature: 21 }),
      }),
    },
    experimental_telemetry: telemetry,
  });
  const streamed = streamText({
    model: openai.chat("gpt-4o"),
    prompt: "Weather in Paris?",
    maxRetries: 0,
    experimental_telemetry: { ...telemetry, metadata: {} },
  });
  await streamed.text;
  await embedMany({
    model: openai.embedding("text-embedding-3-small"),
    values: ["one", "two"],
    maxRetries: 0,
    experimental_telemetry: { ...telemetry, metadata: {} },
  });
  await generateText({
    model: openai.chat("broken"),
    prompt: "Weather in Paris?",
    maxRetries: 0,
    experimental_telemetry: { ...telemetry, metadata: {} },
  }).catch(() => {});
});

models.stop();
