// Stands in for the model providers, on loopback: the same answers every time.
import { createServer } from "node:http";

const tool = {
  id: "call_1",
  type: "function",
  function: { name: "get_weather", arguments: '{"city":"Paris"}' },
};

const chat = (body) => {
  const wantsTool = body.tools && !body.messages.some((message) => message.role === "tool");
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1767225600,
    model: "gpt-4o-2024-08-06",
    choices: [
      {
        index: 0,
        finish_reason: wantsTool ? "tool_calls" : "stop",
        message: wantsTool
          ? { role: "assistant", content: null, tool_calls: [tool] }
          : { role: "assistant", content: "It is sunny." },
      },
    ],
    usage: {
      prompt_tokens: 40,
      completion_tokens: 8,
      total_tokens: 48,
      prompt_tokens_details: { cached_tokens: 16 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  };
};

const chunks = (body) => {
  const piece = (delta, finish_reason = null) => ({
    id: "chatcmpl-2",
    object: "chat.completion.chunk",
    created: 1767225600,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    piece({ role: "assistant", content: "It is " }),
    piece({ content: "sunny." }),
    piece({}, "stop"),
    { ...piece({}), choices: [], usage: chat({ messages: [] }).usage },
  ];
};

const message = () => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [
    { type: "text", text: "Let me look." },
    { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Paris" } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: {
    input_tokens: 20,
    output_tokens: 12,
    cache_creation_input_tokens: 5,
    cache_read_input_tokens: 64,
  },
});

const response = () => ({
  id: "resp_1",
  object: "response",
  created_at: 1767225600,
  status: "completed",
  model: "gpt-4o-2024-08-06",
  error: null,
  incomplete_details: null,
  instructions: null,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  output: [
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "It is sunny.", annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 40,
    input_tokens_details: { cached_tokens: 16 },
    output_tokens: 8,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 48,
  },
});

const embeddings = (body) => ({
  object: "list",
  model: "text-embedding-3-small",
  data: [].concat(body.input).map((text, index) => ({
    object: "embedding",
    index,
    embedding: [0.1, 0.2, 0.3],
  })),
  usage: { prompt_tokens: 6, total_tokens: 6 },
});

const answers = {
  "/v1/chat/completions": chat,
  "/v1/messages": message,
  "/v1/responses": response,
  "/v1/embeddings": embeddings,
};

export const startModels = async () => {
  const server = createServer(async (request, answer) => {
    let text = "";
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    const make = answers[request.url.split("?")[0]];
    if (!make || body.model === "broken") {
      answer.writeHead(429, { "content-type": "application/json" });
      answer.end('{"error":{"message":"Too many requests","type":"rate_limit","code":"429"}}');
    } else if (body.stream) {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      for (const chunk of chunks(body)) answer.write(`data: ${JSON.stringify(chunk)}\n\n`);
      answer.end("data: [DONE]\n\n");
    } else {
      answer.writeHead(200, { "content-type": "application/json" });
      answer.end(JSON.stringify(make(body)));
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, stop: () => server.close() };
};
