package dev.perilune.ingest.otlp.map;

import java.util.Set;

/**
 * Attribute names by what they tell, the most trusted first. One more convention is one more name
 * in some of these lists.
 */
final class GenAiKeys {
  static final String OPERATION = "gen_ai.operation.name";
  static final String MLFLOW_TYPE = "mlflow.spanType";
  static final String LOGFIRE_KIND = "logfire.span_type";
  static final String LOGFIRE_MESSAGE = "logfire.msg";

  // ---- who and where

  static final Keys USER =
      Keys.of(
              "lunary.user.id",
              "aimeta.lunary_user_id",
              "aimeta.lunaryUserId",
              "langfuse.user.id",
              "user.id",
              "enduser.id",
              "aimeta.userId",
              "aimeta.user_id",
              "aimeta.user.id",
              "assoc.user_id",
              "assoc.userId",
              "mlflow.trace.user",
              "gen_ai.user",
              "gen_ai.request.user",
              "llm.user",
              "P:user",
              "user_id")
          .alsoAtSource();

  /** Threads that somebody named: they are made, so that they can be opened. */
  static final Keys THREAD =
      Keys.of(
              "lunary.thread.id",
              "aimeta.lunary_thread_id",
              "aimeta.thread_id",
              "aimeta.threadId",
              "assoc.thread_id",
              "assoc.threadId")
          .alsoAtSource();

  /** Conversations and sessions, which some libraries invent for each run: only noted. */
  static final Keys SESSION =
      Keys.of(
              "gen_ai.conversation.id",
              "spring.ai.chat.client.conversation.id",
              "langfuse.session.id",
              "langsmith.trace.session_id",
              "session.id",
              "aimeta.sessionId",
              "aimeta.session_id",
              "aimeta.conversationId",
              "assoc.session_id",
              "assoc.conversation_id",
              "assoc.chat_id",
              "langsmith.metadata.thread_id",
              "langsmith.metadata.session_id",
              "mlflow.trace.session",
              "gcp.vertex.agent.session_id",
              "thread_id")
          .alsoAtSource();

  static final Keys TAGS =
      Keys.of(
              "lunary.tags",
              "aimeta.lunary_tags",
              "aimeta.tags",
              "tag.tags",
              "langfuse.trace.tags",
              "langfuse.tags",
              "langsmith.span.tags",
              "assoc.tags",
              "logfire.tags",
              "gen_ai.framework.tags")
          .alsoAtSource();

  static final Keys TEMPLATE =
      Keys.of(
          "lunary.template.version_id",
          "lunary.template_id",
          "aimeta.templateId",
          "aimeta.lunary_template_id");

  // ---- tokens and cost

  static final Keys PROMPT_TOKENS =
      Keys.of(
          "lunary.usage.prompt_tokens",
          "gen_ai.usage.input_tokens",
          "gen_ai.usage.prompt_tokens",
          "llm.token_count.prompt",
          "llm.usage.prompt_tokens",
          "ai.usage.inputTokens",
          "ai.usage.promptTokens",
          "U:input_tokens",
          "U:prompt_tokens",
          "ai.usage.tokens");

  static final Keys COMPLETION_TOKENS =
      Keys.of(
          "lunary.usage.completion_tokens",
          "gen_ai.usage.output_tokens",
          "gen_ai.usage.completion_tokens",
          "llm.token_count.completion",
          "llm.usage.completion_tokens",
          "ai.usage.outputTokens",
          "ai.usage.completionTokens",
          "U:output_tokens",
          "U:completion_tokens");

  static final Keys CACHED_TOKENS =
      Keys.of(
          "lunary.usage.cached_prompt_tokens",
          "gen_ai.usage.cache_read.input_tokens",
          "gen_ai.usage.cache_read_input_tokens",
          "gen_ai.usage.cached_input_tokens",
          "gen_ai.usage.prompt_tokens_cached",
          "gen_ai.usage.cached_tokens",
          "gen_ai.usage.prompt_tokens_details.cached_tokens",
          "gen_ai.usage.input_token_details.cache_read",
          "gen_ai.usage.details.cache_read_tokens",
          "gen_ai.usage.details.cache_read_input_tokens",
          "gen_ai.usage.details.cached_tokens",
          "llm.token_count.prompt_details.cache_read",
          "ai.usage.inputTokenDetails.cacheReadTokens",
          "ai.usage.cachedInputTokens",
          "M:openai.cachedPromptTokens",
          "M:anthropic.usage.cache_read_input_tokens",
          "M:bedrock.usage.cacheReadInputTokens",
          "U:cache_read_input_tokens",
          "U:prompt_tokens_details.cached_tokens",
          "U:input_tokens_details.cached_tokens");

  static final Keys CACHE_WRITTEN_TOKENS =
      Keys.of(
          "gen_ai.usage.cache_write.input_tokens",
          "gen_ai.usage.cache_creation.input_tokens",
          "gen_ai.usage.cache_creation_input_tokens",
          "gen_ai.usage.cache_write_tokens",
          "gen_ai.usage.input_token_details.cache_creation",
          "gen_ai.usage.details.cache_write_tokens",
          "gen_ai.usage.details.cache_creation_input_tokens",
          "llm.token_count.prompt_details.cache_write",
          "ai.usage.inputTokenDetails.cacheWriteTokens",
          "M:anthropic.cacheCreationInputTokens",
          "M:bedrock.usage.cacheWriteInputTokens",
          "U:cache_creation_input_tokens");

  static final Keys REASONING_TOKENS =
      Keys.of(
          "gen_ai.usage.reasoning.output_tokens",
          "gen_ai.usage.reasoning_tokens",
          "gen_ai.usage.thoughts_tokens",
          "gen_ai.usage.completion_tokens_details.reasoning_tokens",
          "gen_ai.usage.output_token_details.reasoning",
          "gen_ai.usage.details.reasoning_tokens",
          "llm.usage.reasoning_tokens",
          "llm.token_count.completion_details.reasoning",
          "ai.usage.outputTokenDetails.reasoningTokens",
          "ai.usage.reasoningTokens",
          "M:openai.reasoningTokens",
          "U:completion_tokens_details.reasoning_tokens",
          "U:output_tokens_details.reasoning_tokens");

  static final Keys AUDIO_PROMPT_TOKENS =
      Keys.of("gen_ai.usage.audio.input_tokens", "llm.token_count.prompt_details.audio");

  static final Keys AUDIO_COMPLETION_TOKENS =
      Keys.of("gen_ai.usage.audio.output_tokens", "llm.token_count.completion_details.audio");

  static final Keys TOTAL_TOKENS =
      Keys.of(
          "gen_ai.usage.total_tokens",
          "llm.usage.total_tokens",
          "llm.token_count.total",
          "ai.usage.totalTokens",
          "U:total_tokens");

  /** US dollars. */
  static final Keys COST =
      Keys.of(
          "lunary.cost",
          "gen_ai.usage.cost",
          "operation.cost",
          "llm.cost.total",
          "mlflow.llm.cost",
          "langfuse.observation.cost_details",
          "gen_ai.cost.total_usd");

  /** Where several runs are added up, which must not count twice. */
  static final Keys SUM_PROMPT_TOKENS =
      Keys.of("gen_ai.aggregated_usage.input_tokens", "gen_ai.aggregated_usage.prompt_tokens");

  static final Keys SUM_COMPLETION_TOKENS =
      Keys.of("gen_ai.aggregated_usage.output_tokens", "gen_ai.aggregated_usage.completion_tokens");

  // ---- the model call

  static final Keys PARAM_MAPS =
      Keys.of(
          "llm.invocation_parameters",
          "embedding.invocation_parameters",
          "langfuse.observation.model.parameters",
          "request_data",
          "model_config");

  /** Whole answers of providers. */
  static final Keys RAW_OUTPUTS =
      Keys.of(
          "response_data",
          "langfuse.observation.output",
          "gcp.vertex.agent.llm_response",
          "mlflow.spanOutputs",
          "output.value",
          "traceloop.entity.output",
          "output");

  static final Keys RESPONSE_MODEL =
      Keys.of("gen_ai.response.model", "llm.response.model_name", "ai.response.model");

  static final Keys FINISH_REASONS =
      Keys.of(
          "gen_ai.response.finish_reasons",
          "gen_ai.response.finish_reason",
          "llm.response.finish_reason",
          "llm.response.stop_reason",
          "llm.finish_reason",
          "ai.response.finishReason",
          "ai.finishReason");

  /** Seconds until the answer began. */
  static final Keys FIRST_TOKEN_SECONDS =
      Keys.of(
          "gen_ai.response.time_to_first_chunk",
          "gen_ai.client.operation.time_to_first_chunk",
          "gen_ai.server.time_to_first_token");

  static final Keys FIRST_TOKEN_MILLIS =
      Keys.of("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk");

  static final Keys FIRST_TOKEN_TIME = Keys.of("langfuse.observation.completion_start_time");

  static final Set<String> FIRST_TOKEN_EVENTS =
      Set.of(
          "ai.stream.firstChunk",
          "First Token Stream Event",
          "gen_ai.content.completion.chunk",
          "llm.content.completion.chunk");

  // ---- failures

  static final Keys ERROR_MESSAGE =
      Keys.of(
          "error.message", "langfuse.observation.status_message", "gen_ai.framework.error.message");

  static final Keys ERROR_STACK = Keys.of("exception.stacktrace", "error.stack");
  static final Keys ERROR_TYPE = Keys.of("error.type");

  private GenAiKeys() {}
}
