// The OpenTelemetry SDK for Node.js, told by its documented environment variables alone where to
// send to and how.
import { SpanKind, context, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();
const tracer = trace.getTracer("shop");
const agent = tracer.startSpan("invoke_agent helper", {
  attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper" },
});
const inAgent = trace.setSpan(context.active(), agent);
const chat = tracer.startSpan(
  "chat gpt-4o",
  {
    kind: SpanKind.CLIENT,
    attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" },
  },
  inAgent,
);
chat.end();
const tool = tracer.startSpan(
  "execute_tool search",
  { attributes: { "gen_ai.tool.name": "search" } },
  inAgent,
);
tool.end();
agent.end();
await sdk.shutdown();

const id = (span) => span.spanContext().spanId;
console.log(JSON.stringify({ agent: id(agent), chat: id(chat), tool: id(tool) }));
