package dev.perilune.ingest.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single rules for attributes, where no recorded span of a library shows them. */
class SpanRulesTest {

  @Test
  void aContentIsCutByItsBytesAndANoteByItsCharacters() throws Exception {
    // two bytes each, and two units of a Java text each
    String content = "ä".repeat((2 << 20) + 3);
    String note = "😀".repeat(100_001);

    JsonObject run = OtlpEvents.ofSpan("lunary.input", content, "note", note);
    JsonObject exact = OtlpEvents.ofSpan("note", note.substring(2));

    assertEquals("ä".repeat(2 << 20) + "… [truncated 3 chars]", run.getString("input"));
    assertEquals(
        "😀".repeat(100_000) + "… [truncated 1 chars]",
        run.getJsonObject("metadata").getString("note"));
    assertEquals(true, run.getJsonObject("metadata").getBoolean("otelTruncated"));
    assertEquals(note.substring(2), exact.getJsonObject("metadata").getString("note"));
    assertNull(exact.getJsonObject("metadata").getBoolean("otelTruncated"));
  }

  @Test
  void whatWentWrongAndParametersAreCutAsContentsAre() throws Exception {
    String text = "x".repeat((4 << 20) + 2);
    JsonObject failed =
        OtlpEvents.span("gen_ai.operation.name", "chat")
            .put("status", new JsonObject().put("code", 2).put("message", text));

    JsonObject run = OtlpEvents.joined(OtlpEvents.events(failed, 5 << 20));
    JsonObject call =
        OtlpEvents.ofSpan("gen_ai.operation.name", "chat", "gen_ai.request.note", text);

    String cut = text.substring(2) + "… [truncated 2 chars]";
    assertEquals(cut, run.getJsonObject("error").getString("message"));
    assertEquals(true, run.getJsonObject("metadata").getBoolean("otelTruncated"));
    assertEquals(cut, call.getJsonObject("params").getString("note"));
  }

  @Test
  void aChatWithoutAnyContentIsACallOfItsModel() throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan("gen_ai.operation.name", "chat", "gen_ai.request.model", "m");

    assertEquals("llm", run.getString("type"));
    assertEquals("m", run.getString("name"));
    assertNull(run.getValue("input"));
    assertNull(run.getValue("output"));
  }

  @Test
  void theCopiesOfAThreadDoNotCountAsTheSpans() throws Exception {
    JsonObject span =
        OtlpEvents.span(
            "lunary.type", "agent", "lunary.thread.id", "t", "lunary.input", "x".repeat(60_000));

    assertTrue(OtlpEvents.events(span, 70_000).size() > 3);
    assertThrows(AssertionError.class, () -> OtlpEvents.events(span, 50_000));
  }

  @Test
  void instructionsAloneDoNotShutOutOtherInputs() throws Exception {
    String instructions = "[{\"type\":\"text\",\"content\":\"Be brief.\"}]";
    JsonObject both =
        OtlpEvents.ofSpan(
            "gen_ai.request.model", "m",
            "gen_ai.system_instructions", instructions,
            "gen_ai.prompt.0.content", "Hi");
    JsonObject alone =
        OtlpEvents.ofSpan("gen_ai.request.model", "m", "gen_ai.system_instructions", instructions);
    JsonObject overridden =
        OtlpEvents.ofSpan(
            "gen_ai.request.model", "m",
            "gen_ai.system_instructions", instructions,
            "lunary.input", "[{\"role\":\"user\",\"content\":\"Hi\"}]");

    JsonObject system = new JsonObject().put("role", "system").put("content", "Be brief.");
    JsonObject user = new JsonObject().put("role", "user").put("content", "Hi");
    assertEquals(new JsonArray().add(system).add(user), both.getJsonArray("input"));
    assertEquals(new JsonArray().add(system), alone.getJsonArray("input"));
    assertEquals(new JsonArray().add(user), overridden.getJsonArray("input"));
  }

  @Test
  void aRequestWithATextAsItsInputIsAMessage() throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan(
            "gen_ai.request.model", "m",
            "input.value", "{\"input\":\"Hi\",\"instructions\":\"Be brief.\"}");

    assertEquals(
        new JsonArray(
            """
            [{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]
            """),
        run.getJsonArray("input"));
  }

  @Test
  void malformedMessagesAreKeptAsTheirText() throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan("gen_ai.request.model", "m", "gen_ai.input.messages", "[{\"role\":");

    assertEquals(
        new JsonArray().add(new JsonObject().put("role", "user").put("content", "[{\"role\":")),
        run.getJsonArray("input"));
  }

  @Test
  void messagesMayBeStructuredInsteadOfJson() throws Exception {
    List<Object> messages =
        List.of(Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "Hi"))));

    JsonObject run =
        OtlpEvents.ofSpan("gen_ai.request.model", "m", "gen_ai.input.messages", messages);

    assertEquals(
        new JsonArray().add(new JsonObject().put("role", "user").put("content", "Hi")),
        run.getJsonArray("input"));
  }

  @ParameterizedTest
  @CsvSource({
    "gcp.vertex.agent.llm_request",
    "traceloop.entity.output",
    "langfuse.observation.output",
    "input.value"
  })
  void theModelMayBeNamedInsideAnyContent(String key) throws Exception {
    JsonObject run = OtlpEvents.ofSpan("lunary.type", "llm", key, "{\"model\":\"m-1\"}");

    assertEquals("m-1", run.getString("name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "traceloop.entity.output",
        "langfuse.observation.output",
        "output",
        "output.value"
      })
  void theCountsMayBeInsideAnyAnswer(String key) throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan(
            "gen_ai.request.model",
            "m",
            key,
            "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");

    assertEquals(
        new JsonObject().put("prompt", 3).put("completion", 4), run.getJsonObject("tokensUsage"));
  }

  @Test
  void thoughtsWithoutAnAnswerAreTheAnswer() throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan(
            "gen_ai.request.model", "m",
            "gen_ai.completion.0.role", "thinking",
            "gen_ai.completion.0.content", "Hm");

    assertEquals(
        new JsonObject(
            """
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm"}]}
            """),
        run.getJsonObject("output"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'blob','modality':'image','content':'/9j/4AAQ'}|"
            + "{'type':'image_url','imageUrl':{'url':'data:image/jpeg;base64,/9j/4AAQ'}}",
        "{'type':'blob','modality':'image','content':'abc'}|"
            + "{'type':'image_url','imageUrl':{'url':'data:image/png;base64,abc'}}",
        "{'type':'blob','modality':'audio','content':'UklG'}|"
            + "{'type':'input_audio','inputAudio':{'data':'UklG','format':'wav'}}",
        "{'type':'image','image':'R0lGOD'}|"
            + "{'type':'image_url','imageUrl':{'url':'data:image/gif;base64,R0lGOD'}}"
      })
  void mediaWithoutTheirTypeAreWhatTheySeem(String part, String block) throws Exception {
    String messages = "[{'role':'user','parts':[" + part + "]}]";

    JsonObject run =
        OtlpEvents.ofSpan(
            "gen_ai.request.model", "m", "gen_ai.input.messages", messages.replace('\'', '"'));

    assertEquals(
        new JsonObject(block.replace('\'', '"')),
        run.getJsonArray("input").getJsonObject(0).getJsonArray("content").getJsonObject(0));
  }

  @Test
  void metadataOfDocumentsMayBeWrittenAsJson() throws Exception {
    JsonObject run =
        OtlpEvents.ofSpan(
            "gen_ai.operation.name", "retrieval",
            "gen_ai.retrieval.documents", "[{\"id\":\"d\",\"metadata\":\"{\\\"p\\\":1}\"}]");

    assertEquals(
        new JsonArray("[{\"id\":\"d\",\"metadata\":{\"p\":1}}]"), run.getJsonArray("output"));
  }

  @Test
  void aMessageOfAnyRoleOfLangChainKeepsItsRole() throws Exception {
    String messages =
        "[{\"id\":[\"langchain\",\"ChatMessage\"],\"kwargs\":{\"role\":\"critic\",\"content\":\"No\"}},"
            + "{\"type\":\"chat\",\"data\":{\"role\":\"human\",\"content\":\"Yes\"}}]";

    JsonObject run = OtlpEvents.ofSpan("gen_ai.request.model", "m", "input.value", messages);

    assertEquals(
        new JsonArray(
            """
            [{"role":"critic","content":"No"},{"role":"user","content":"Yes"}]
            """),
        run.getJsonArray("input"));
  }

  @Test
  void entriesOfAMapCountAsKeysOfTheirOwn() throws Exception {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < 130; i++) {
      map.put("k" + i, i);
    }

    JsonObject metadata = OtlpEvents.ofSpan("app", map).getJsonObject("metadata");

    assertEquals(128, metadata.fieldNames().stream().filter(k -> k.startsWith("app.")).count());
    assertEquals(2, metadata.getInteger("otelDroppedAttributes"));
  }

  @Test
  void namesOfOursAreNeverWhatUsersNoted() throws Exception {
    JsonObject metadata =
        OtlpEvents.ofSpan(
                "metadata", "{\"provider\":\"me\",\"plan\":\"pro\"}",
                "lunary.metadata.threadId", "t")
            .getJsonObject("metadata");

    assertNull(metadata.getString("provider"));
    assertNull(metadata.getString("threadId"));
    assertEquals("me", metadata.getString("metadata.provider"));
    assertEquals("t", metadata.getString("lunary.metadata.threadId"));
    assertEquals("pro", metadata.getString("plan"));
  }

  @Test
  void usersThreadsAndTagsMayBeThoseOfTheResource() throws Exception {
    JsonObject run =
        OtlpEvents.joined(
            OtlpEvents.events(
                OtlpEvents.span("gen_ai.request.model", "m"),
                1 << 20,
                Map.of(
                    "langfuse.user.id", "u", "gen_ai.conversation.id", "c", "tag.tags", "a, b")));

    assertEquals("u", run.getString("userId"));
    assertEquals("c", run.getJsonObject("metadata").getString("threadId"));
    assertEquals(new JsonArray().add("a").add("b"), run.getJsonArray("tags"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"a\",\"b\"]", "a, b", " a ,b,a"})
  void tagsMayBeAJsonTextOrSeparatedByCommas(String tags) throws Exception {
    assertEquals(
        new JsonArray().add("a").add("b"),
        OtlpEvents.ofSpan("lunary.tags", tags).getJsonArray("tags"));
  }

  @Test
  void theIdOfAUserStaysAText() throws Exception {
    assertEquals("12345", OtlpEvents.ofSpan("user.id", "12345").getValue("userId"));
  }
}
