package dev.perilune.ingest.otlp.map;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where inputs and outputs are found, by type of run, the most trusted first. Names with an at sign
 * are not single attributes: {@link ContentReader} knows how to read them.
 */
final class ContentKeys {
  static final Map<String, List<String>> INPUTS =
      Map.of(
          TypeRules.LLM,
          List.of(
              "lunary.input",
              "@genAiInput",
              "langfuse.observation.input",
              "ai.prompt.messages",
              "ai.prompt",
              "@openInferenceInput",
              "@textPrompts",
              "@indexedPrompt",
              "gen_ai.prompt",
              "@eventsInput",
              "gcp.vertex.agent.llm_request",
              "request_data",
              "mlflow.spanInputs",
              "input.value",
              "traceloop.entity.input",
              "lk.chat_ctx",
              "lk.input_text",
              "input",
              "prompt"),
          TypeRules.AGENT,
          List.of(
              "lunary.input",
              "@genAiInput",
              "@allMessagesInput",
              "ai.prompt",
              "langfuse.observation.input",
              "input.value",
              "mlflow.spanInputs",
              "@traceloopInput",
              "gen_ai.workflow.input",
              "gen_ai.agent.task",
              "gen_ai.prompt",
              "input",
              "prompt"),
          TypeRules.TOOL,
          List.of(
              "lunary.input",
              "gen_ai.tool.call.arguments",
              "tool_arguments",
              "ai.toolCall.args",
              "spring.ai.tool.call.arguments",
              "gcp.vertex.agent.tool_call_args",
              "gen_ai.tool.args",
              "gen_ai.tool.input",
              "langfuse.observation.input",
              "input.value",
              "mlflow.spanInputs",
              "@traceloopToolInput",
              "mcp.request.argument",
              "gen_ai.prompt",
              "input"),
          TypeRules.RETRIEVER,
          List.of(
              "lunary.input",
              "gen_ai.retrieval.query.text",
              "gen_ai.retrieval.query",
              "reranker.query",
              "db.vector.query.content",
              "db.query.text",
              "gen_ai.memory.query.text",
              "input.value",
              "mlflow.spanInputs",
              "@traceloopInput",
              "gen_ai.prompt",
              "ai.documents"),
          TypeRules.EMBED,
          List.of(
              "lunary.input",
              "@embeddedTexts",
              "@aiValues",
              "@embeddedMessages",
              "@embeddedPrompts",
              "input.value",
              "mlflow.spanInputs",
              "@traceloopInput",
              "input"),
          TypeRules.CHAIN,
          List.of(
              "lunary.input",
              "@traceloopInput",
              "input.value",
              "mlflow.spanInputs",
              "langfuse.observation.input",
              "langfuse.trace.input",
              "ai.prompt",
              "@genAiInput",
              "gen_ai.workflow.input",
              "gen_ai.task.input",
              "gen_ai.prompt",
              "input",
              "@toolList"));

  static final Map<String, List<String>> OUTPUTS =
      Map.of(
          TypeRules.LLM,
          List.of(
              "lunary.output",
              "gen_ai.output.messages",
              "langfuse.observation.output",
              "@aiResponse",
              "@openInferenceOutput",
              "@textChoices",
              "@indexedCompletion",
              "gen_ai.completion",
              "@eventsOutput",
              "gcp.vertex.agent.llm_response",
              "response_data",
              "mlflow.spanOutputs",
              "output.value",
              "traceloop.entity.output",
              "lk.response.text",
              "output"),
          TypeRules.AGENT,
          List.of(
              "lunary.output",
              "final_result",
              "@agentMessages",
              "@aiAgentResponse",
              "langfuse.observation.output",
              "@allMessagesOutput",
              "output.value",
              "mlflow.spanOutputs",
              "@traceloopOutput",
              "gen_ai.workflow.output",
              "gen_ai.agent.actual_output",
              "gen_ai.completion",
              "output"),
          TypeRules.TOOL,
          List.of(
              "lunary.output",
              "gen_ai.tool.call.result",
              "tool_response",
              "tool_output",
              "ai.toolCall.result",
              "spring.ai.tool.call.result",
              "gcp.vertex.agent.tool_response",
              "gen_ai.tool.output",
              "@toolMessage",
              "langfuse.observation.output",
              "output.value",
              "mlflow.spanOutputs",
              "@traceloopToolOutput",
              "mcp.response.value",
              "gen_ai.completion",
              "output"),
          TypeRules.RETRIEVER,
          List.of(
              "lunary.output",
              "gen_ai.retrieval.documents",
              "@documents",
              "@rerankedDocuments",
              "@resultEvents",
              "db.vector.query.response.documents",
              "gen_ai.memory.records",
              "ai.ranking",
              "output.value",
              "mlflow.spanOutputs",
              "@traceloopOutput",
              "gen_ai.completion"),
          TypeRules.EMBED,
          List.of("lunary.output", "@vectors"),
          TypeRules.CHAIN,
          List.of(
              "lunary.output",
              "@traceloopOutput",
              "output.value",
              "mlflow.spanOutputs",
              "langfuse.observation.output",
              "langfuse.trace.output",
              "@aiAgentResponse",
              "@agentMessages",
              "gen_ai.workflow.output",
              "gen_ai.task.output",
              "gen_ai.completion",
              "output"));

  /** Written by serialisers in every case, so that any JSON in them is meant. */
  static final Set<String> ALWAYS_JSON =
      Set.of(
          "traceloop.entity.input",
          "traceloop.entity.output",
          "ai.toolCall.args",
          "ai.toolCall.result");

  /** Names of contents, which never become metadata, whichever of them was used. */
  static final Set<String> NAMES =
      Stream.concat(
              Stream.of(INPUTS, OUTPUTS)
                  .flatMap(byType -> byType.values().stream())
                  .flatMap(List::stream)
                  .filter(name -> !name.startsWith("@") && !name.startsWith("lunary.")),
              Stream.of(
                  "lunary.input",
                  "lunary.output",
                  "events",
                  "all_messages_events",
                  "pydantic_ai.all_messages",
                  "pydantic_ai.new_message_index",
                  "gen_ai.input.messages",
                  "gen_ai.system_instructions",
                  "input.mime_type",
                  "output.mime_type",
                  "traceloop.entity.input",
                  "traceloop.entity.output",
                  "ai.value",
                  "ai.values",
                  "ai.embedding",
                  "ai.embeddings",
                  "ai.prompt.tools",
                  "ai.prompt.toolChoice",
                  "ai.response.text",
                  "ai.response.object",
                  "ai.response.reasoning",
                  "ai.response.toolCalls",
                  "ai.response.files",
                  "ai.result.text",
                  "ai.result.object",
                  "ai.result.toolCalls",
                  "gen_ai.tool.definitions",
                  "mlflow.chat.tools",
                  "langfuse.trace.input",
                  "langfuse.trace.output"))
          .collect(Collectors.toUnmodifiableSet());

  private ContentKeys() {}
}
