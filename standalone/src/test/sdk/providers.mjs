// The model providers that the scripts talk to: just enough of two HTTP APIs, on loopback.
import { createServer } from "node:http";

/** Starts them; the address has no path. */
export async function startProviders() {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => server.close(),
  };
}

async function answer(request, response) {
  let text = "";
  for await (const part of request) {
    text += part;
  }
  const body = JSON.parse(text || "{}");
  await new Promise((resolve) => setTimeout(resolve, 25));
  const routes = { "/v1/chat/completions": openai, "/v1/messages": anthropic };
  const route = routes[new URL(request.url, "http://fake").pathname];
  route ? route(body, response) : json(response, 404, { error: { message: "no such route" } });
}

function openai(body, response) {
  if (body.model === "broken") {
    return json(response, 400, { error: { message: "bad model", type: "invalid_request_error" } });
  }
  if (body.stream) {
    return stream(response, openaiChunks(body.model));
  }
  const call = {
    id: "call_1",
    type: "function",
    function: { name: "get_weather", arguments: '{"city":"Paris"}' },
  };
  const message = body.tools
    ? { role: "assistant", content: null, refusal: null, tool_calls: [call] }
    : { role: "assistant", content: "Hello there", refusal: null };
  json(response, 200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: body.model,
    choices: [{ index: 0, finish_reason: body.tools ? "tool_calls" : "stop", message }],
    usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 },
  });
}

function openaiChunks(model) {
  const chunk = (delta, finish_reason = null) => ({
    id: "chatcmpl-2",
    object: "chat.completion.chunk",
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Hel" }),
    chunk({ content: "lo" }),
    chunk({ content: " there" }),
    chunk({}, "stop"),
  ];
  return [...chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`), "data: [DONE]\n\n"];
}

function anthropic(body, response) {
  const usage = {
    input_tokens: 30,
    output_tokens: 12,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 10,
  };
  const message = { id: "msg_1", type: "message", role: "assistant", model: body.model };
  if (body.stream) {
    return stream(response, anthropicEvents(message, usage));
  }
  const content = [{ type: "text", text: "Let me look." }];
  if (body.tools) {
    content.push({ type: "tool_use", id: "tu_1", name: "get_weather", input: { city: "Paris" } });
  }
  const stop_reason = body.tools ? "tool_use" : "end_turn";
  json(response, 200, { ...message, content, stop_reason, stop_sequence: null, usage });
}

function anthropicEvents(message, usage) {
  const events = [
    {
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "!" } },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 4 },
    },
    { type: "message_stop" },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function stream(response, parts) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  parts.forEach((part) => response.write(part));
  response.end();
}
