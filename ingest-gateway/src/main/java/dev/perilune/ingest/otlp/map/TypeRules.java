package dev.perilune.ingest.otlp.map;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values of which attributes make which type of run, as data for {@link RunKind}. */
final class TypeRules {
  static final String LLM = "llm";
  static final String AGENT = "agent";
  static final String TOOL = "tool";
  static final String CHAIN = "chain";
  static final String RETRIEVER = "retriever";
  static final String EMBED = "embed";

  static final Set<String> TYPES = Set.of(LLM, AGENT, TOOL, CHAIN, RETRIEVER, EMBED);

  static final Map<String, String> OPENINFERENCE =
      table(
          "llm LLM", "embed EMBEDDING", "retriever RETRIEVER RERANKER", "tool TOOL", "agent AGENT");

  static final Map<String, String> MLFLOW =
      table(
          "llm LLM CHAT_MODEL COMPLETION",
          "embed EMBEDDING",
          "retriever RETRIEVER RERANKER",
          "tool TOOL",
          "agent AGENT",
          "chain CHAIN PARSER MEMORY WORKFLOW TASK GUARDRAIL EVALUATOR");

  static final Map<String, String> LANGFUSE =
      table(
          "llm generation",
          "embed embedding",
          "agent agent",
          "tool tool",
          "retriever retriever",
          "chain chain guardrail evaluator event");

  static final Map<String, String> LANGSMITH =
      table(
          "llm llm",
          "embed embedding",
          "tool tool",
          "retriever retriever",
          "chain chain prompt parser");

  static final Map<String, String> VERCEL =
      table(
          "tool ai.toolCall",
          "retriever ai.rerank ai.rerank.doRerank",
          "agent ai.generateText ai.streamText ai.generateObject ai.streamObject"
              + " ai.workflowAgent.stream",
          "llm ai.generateSpeech ai.transcribe ai.streamTranscribe ai.generateImage");

  static final Map<String, String> OPERATIONS =
      table(
          "llm chat text_completion completion generate_content generate response responses message"
              + " llm_request model_request image image_generation audio speech text_to_speech"
              + " speech_to_text transcribe translate realtime ai.generateSpeech ai.transcribe"
              + " ai.streamTranscribe",
          "embed embeddings embedding embed",
          "tool execute_tool tool",
          "agent invoke_agent create_agent agent agent_run",
          "retriever retrieval retrieve search search_memory vectordb vector_db_retrieve rerank",
          "chain invoke_workflow workflow plan agent_step task execute_task create_memory"
              + " update_memory upsert_memory delete_memory create_memory_store"
              + " delete_memory_store tool_coordination fetch_response");

  static final Map<String, String> REQUEST_TYPES =
      table("llm chat completion", "embed embedding", "retriever rerank");

  static final Map<String, String> SPRING =
      table("retriever vector_store", "tool tool_call", "chain chat_client advisor");

  static final Keys TOOL_EVIDENCE =
      Keys.of(
          "gen_ai.tool.name",
          "gen_ai.tool.call.id",
          "tool_arguments",
          "tool.name",
          "ai.toolCall.name",
          "spring.ai.tool.definition.name");

  static final Keys AGENT_EVIDENCE =
      Keys.of("agent_name", "pydantic_ai.all_messages", "all_messages_events", "agent.name");

  static final Keys RETRIEVER_EVIDENCE =
      Keys.of(
          "gen_ai.retrieval.query.text",
          "gen_ai.retrieval.documents",
          "db.vector.query.top_k",
          "db.vector.query.content");

  static final Set<String> RETRIEVER_EVENTS = Set.of("db.query.result", "db.search.result");

  static final Keys MODELS =
      Keys.of(
          "gen_ai.request.model",
          "gen_ai.response.model",
          "llm.model_name",
          "llm.request.model_name",
          "llm.response.model_name",
          "ai.model.id",
          "mlflow.llm.model",
          "langfuse.observation.model.name");

  static final List<String> MODEL_CALL_PREFIXES =
      List.of(
          "gen_ai.prompt",
          "gen_ai.completion",
          "gen_ai.usage.",
          "gen_ai.input.messages",
          "gen_ai.output.messages",
          "llm.input_messages.",
          "llm.output_messages.",
          "llm.prompts.",
          "llm.choices.",
          "llm.token_count.");

  static final Keys EMBED_EVIDENCE =
      Keys.of("embedding.model_name", "gen_ai.embeddings.dimension.count");

  private TypeRules() {}

  /** Each line: a type and the values that mean it. */
  private static Map<String, String> table(String... lines) {
    Map<String, String> table = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      Arrays.stream(words).skip(1).forEach(value -> table.put(value, words[0]));
    }
    return Map.copyOf(table);
  }
}
