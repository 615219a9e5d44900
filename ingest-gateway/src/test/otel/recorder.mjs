// Receives what the standard exporter sends and writes it down without what differs from run to
// run or tells of the machine: ids and times are counted, resources are reduced to the service.
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const FIRST = 1767225600000000000n;
const STEP = 20000000n;
const folder = new URL("../resources/otlp/", import.meta.url);

const idGenerator = () => {
  let traces = 0;
  let spans = 0;
  const hex = (number, digits) => number.toString(16).padStart(digits, "0");
  return {
    generateTraceId: () => "7ace" + hex(++traces, 28),
    generateSpanId: () => "5ba0" + hex(++spans, 12),
  };
};

export const record = async (name, scenario) => {
  const requests = [];
  const sink = createServer(async (request, answer) => {
    let text = "";
    for await (const piece of request) text += piece;
    requests.push(JSON.parse(text));
    answer.writeHead(200, { "content-type": "application/json" });
    answer.end("{}");
  });
  await new Promise((done) => sink.listen(0, "127.0.0.1", done));
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": name }),
    idGenerator: idGenerator(),
    spanProcessors: [
      new BatchSpanProcessor(
        new OTLPTraceExporter({ url: `http://127.0.0.1:${sink.address().port}/v1/traces` }),
      ),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  await scenario(provider);
  await provider.forceFlush();
  await provider.shutdown();
  trace.disable();
  context.disable();
  sink.close();
  const all = { resourceSpans: requests.flatMap((request) => request.resourceSpans) };
  writeFileSync(
    new URL(`recorded-${name}.json`, folder),
    JSON.stringify(clean(all), null, 1) + "\n",
  );
};

const clean = (request) => {
  const times = new Map(
    [...JSON.stringify(request).matchAll(/"\w*TimeUnixNano":"?(\d+)"?|"timeUnixNano":"?(\d+)"?/g)]
      .map((found) => BigInt(found[1] ?? found[2]))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      .filter((time, index, all) => index === 0 || time !== all[index - 1])
      .map((time, index) => [time.toString(), (FIRST + BigInt(index) * STEP).toString()]),
  );
  const text = JSON.stringify(request, (key, value) => {
    if (/TimeUnixNano$|^timeUnixNano$/.test(key)) return times.get(String(value));
    if (key === "attributes" && Array.isArray(value)) return value.filter(isOurs).map(plain);
    return value;
  });
  return JSON.parse(text.replace(/http:\/\/127\.0\.0\.1:\d+/g, "http://models.test"));
};

const isOurs = ({ key }) => !/^(process|host|os|telemetry)\./.test(key);

const measured =
  /^(ai\.response\.(msTo|avg)|ai\.response\.timestamp|gen_ai\..*time_to|ai\.stream\.msTo)/;

const plain = ({ key, value }) => {
  if (measured.test(key)) {
    return { key, value: value.stringValue ? { stringValue: "2026-01-01T00:00:00.000Z" } : { intValue: 7 } };
  }
  if (key === "exception.stacktrace") return { key, value: { stringValue: "Error\n    at here" } };
  return { key, value };
};
