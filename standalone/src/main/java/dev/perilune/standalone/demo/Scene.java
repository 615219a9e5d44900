package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one story: a conversation with a support agent, a single call of a writing
 * assistant, a research agent with tools, or an answer from documents.
 */
final class Scene {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Story story;
  private final Subject subject;
  private final Random random;
  private final ModelCall model;

  Scene(Story story, Subject subject, Random random) {
    this.story = story;
    this.subject = subject;
    this.random = random;
    this.model = new ModelCall(story, subject, random);
  }

  void play() {
    int kind = random.nextInt(100);
    if (kind < 35) {
      conversation();
    } else if (kind < 65) {
      singleCall();
    } else if (kind < 85) {
      research();
    } else {
      answerFromDocuments();
    }
  }

  private void conversation() {
    String threadId = story.newId();
    story.countsRun();
    boolean isAnswered = exchange(threadId, subject.question(), subject.answer());
    // Without an answer a second question would belong to the same exchange; this user leaves.
    if (isAnswered && chance(55)) {
      story.advance(20_000 + random.nextInt(90_000));
      exchange(threadId, subject.followUp(), subject.followUpAnswer());
    }
    if (chance(15)) {
      story.customEvent(threadId, "ticket-opened", JSON.objectNode().put("queue", subject.tag()));
    }
  }

  private boolean exchange(String threadId, String question, String answer) {
    story.countsRun();
    ObjectNode asked = story.message(threadId, "user", question);
    asked.putArray("threadTags").add("support").add(subject.tag());
    story.advance(150);
    ObjectNode agent = agent("support-agent", "support", Story.idOf(asked), question);
    if (chance(60)) {
      retrieve(agent);
    }
    if (!model.call(agent, question, answer)) {
      story.fail(agent, "The model could not be reached");
      return false;
    }
    story.end(agent, JSON.textNode(answer));
    ObjectNode told = story.message(threadId, "assistant", answer);
    if (chance(8)) {
      story.advance(9_000);
      story.countsRun();
      told = story.message(threadId, "assistant", "Let me put it another way. " + answer);
      ((ObjectNode) told.get("message")).put("isRetry", true);
    }
    rate(told);
    return true;
  }

  private void singleCall() {
    ObjectNode llm = model.start(null, subject.question());
    llm.withArray("tags").add("writing-assistant");
    model.finish(llm, subject.answer());
    rate(llm);
  }

  private void research() {
    ObjectNode agent = agent("research-agent", "research", null, subject.question());
    int rounds = 1 + random.nextInt(3);
    for (int round = 0; round < rounds; round++) {
      if (!model.call(agent, subject.question(), "I will use " + subject.tool() + ".")) {
        story.fail(agent, "Gave up after the model failed");
        return;
      }
      useTool(agent);
    }
    if (model.call(agent, subject.question(), subject.answer())) {
      story.end(agent, JSON.textNode(subject.answer()));
    } else {
      story.fail(agent, "Gave up after the model failed");
    }
    rate(agent);
  }

  private void answerFromDocuments() {
    TextNode question = JSON.textNode(subject.question());
    ObjectNode chain = story.start("chain", "answer-from-handbook", null, question);
    ObjectNode embed = story.start("embed", "text-embedding-3-small", Story.idOf(chain), question);
    story.advance(40 + random.nextInt(120));
    story.end(embed, JSON.objectNode().put("dimensions", 1536));
    retrieve(chain);
    if (model.call(chain, subject.question(), subject.answer())) {
      story.end(chain, JSON.textNode(subject.answer()));
    } else {
      story.fail(chain, "No answer from the model");
    }
  }

  private ObjectNode agent(String name, String tag, @Nullable String parentId, String question) {
    ObjectNode agent = story.start("agent", name, parentId, JSON.textNode(question));
    agent.putArray("tags").add(tag);
    agent.putObject("metadata").put("environment", chance(85) ? "production" : "staging");
    return agent;
  }

  private void retrieve(ObjectNode parent) {
    ObjectNode retriever =
        story.start("retriever", "handbook", Story.idOf(parent), JSON.textNode(subject.question()));
    story.advance(30 + random.nextInt(200));
    ArrayNode found = JSON.arrayNode();
    for (String document : subject.documents()) {
      found.addObject().put("source", subject.tag() + ".md").put("text", document);
    }
    story.end(retriever, found);
  }

  private void useTool(ObjectNode parent) {
    ObjectNode tool = story.start("tool", subject.tool(), Story.idOf(parent), subject.toolInput());
    story.advance(80 + random.nextInt(1500));
    if (chance(6)) {
      story.fail(tool, subject.tool() + " answered 502 Bad Gateway");
    } else {
      story.end(tool, subject.toolOutput());
    }
  }

  private void rate(ObjectNode run) {
    if (!chance(18)) {
      return;
    }
    story.advance(5_000);
    boolean isGood = chance(78);
    String comment = isGood ? "Exactly what I needed" : "That is not what I asked";
    story.feedback(Story.idOf(run), isGood, chance(30) ? comment : null);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
