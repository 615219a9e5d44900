package dev.perilune.model.wire;

/** Field names of events after normalisation; nothing outside this package spells them. */
final class EventFields {
  static final String APP = "app";
  static final String APP_ID = "appId";
  static final String ERROR = "error";
  static final String EVENT = "event";
  static final String EXTRA = "extra";
  static final String EXTRA_HEADERS = "extraHeaders";
  static final String FEEDBACK = "feedback";
  static final String INPUT = "input";
  static final String MESSAGE = "message";
  static final String METADATA = "metadata";
  static final String NAME = "name";
  static final String OUTPUT = "output";
  static final String SPAN_ENDED_AT = "spanEndedAt";
  static final String SPAN_TRACE_ID = "spanTraceId";
  static final String CHOICE = "choice";
  static final String PARAMS = "params";
  static final String PARENT_RUN_ID = "parentRunId";
  static final String PROJECT_ID = "projectId";
  static final String RUN_ID = "runId";
  static final String RUNTIME = "runtime";
  static final String SCORE = "score";
  static final String TAGS = "tags";
  static final String TEMPLATE_HEADER = "TemplateId";
  static final String TEMPLATE_ID = "templateId";
  static final String TEMPLATE_VERSION_ID = "templateVersionId";
  static final String THREAD_METADATA = "threadMetadata";
  static final String THREAD_TAGS = "threadTags";
  static final String TIMESTAMP = "timestamp";
  static final String TOKENS_USAGE = "tokensUsage";
  static final String TYPE = "type";
  static final String USER_ID = "userId";
  static final String USER_PROPS = "userProps";

  private EventFields() {}
}
