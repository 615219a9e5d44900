package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls of language models: which one, how long it takes, what it counts, how it fails. */
final class ModelCall {
  private static final String SYSTEM =
      "You are the assistant of a bicycle shop. Be brief and kind.";
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int TOTAL_SHARE = Stream.of(DemoModel.ALL).mapToInt(DemoModel::share).sum();
  private static final List<String> FAILURES =
      List.of(
          "Rate limit reached for requests, try again in 2 s",
          "The server had an error while processing the request",
          "Request timed out after 30 s",
          "This model's maximum context length is exceeded");

  private final Story story;
  private final Subject subject;
  private final Random random;
  private DemoModel model = DemoModel.ALL[0];

  ModelCall(Story story, Subject subject, Random random) {
    this.story = story;
    this.subject = subject;
    this.random = random;
  }

  /** A call inside something larger; returns whether it was answered. */
  boolean call(ObjectNode parent, String question, String answer) {
    return finish(start(Story.idOf(parent), question), answer);
  }

  ObjectNode start(@Nullable String parentId, String question) {
    model = choose();
    ObjectNode llm =
        story.start(
            "llm", model.name(), parentId, Story.messages("system", SYSTEM, "user", question));
    llm.putArray("tags").add(subject.tag());
    llm.putObject("params").put("temperature", random.nextInt(11) / 10.0).put("maxTokens", 1024);
    llm.putObject("metadata")
        .put("environment", random.nextInt(100) < 85 ? "production" : "staging")
        .put("release", "2026." + (1 + random.nextInt(3)));
    return llm;
  }

  /** Answers the call that was started last, or fails it now and then. */
  boolean finish(ObjectNode llm, String answer) {
    int completionTokens = answer.length() / CHARACTERS_PER_TOKEN + random.nextInt(40);
    double speed = 0.7 + 0.6 * random.nextDouble();
    story.advance(
        (long) (speed * (model.firstTokenMillis() + completionTokens * model.millisPerToken())));
    if (random.nextInt(100) < 4) {
      story.fail(llm, FAILURES.get(random.nextInt(FAILURES.size())));
      return false;
    }
    ObjectNode end = story.end(llm, Story.message("assistant", answer));
    // Some clients do not report what they used; the processor counts it then.
    if (random.nextInt(100) < 90) {
      int promptTokens = 60 + random.nextInt(900);
      end.putObject("tokensUsage")
          .put("prompt", promptTokens)
          .put("completion", completionTokens)
          .put("promptCached", random.nextInt(100) < 25 ? promptTokens / 2 : 0);
    }
    return true;
  }

  private DemoModel choose() {
    int ticket = random.nextInt(TOTAL_SHARE);
    for (DemoModel candidate : DemoModel.ALL) {
      ticket -= candidate.share();
      if (ticket < 0) {
        return candidate;
      }
    }
    throw new IllegalStateException("Shares add up to the total");
  }
}
