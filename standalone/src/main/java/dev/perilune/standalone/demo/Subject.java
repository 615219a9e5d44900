package dev.perilune.standalone.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** What a made-up user asks about, and what a made-up assistant finds and says. */
record Subject(
    @JsonProperty("tag") String tag,
    @JsonProperty("question") String question,
    @JsonProperty("answer") String answer,
    @JsonProperty("followUp") String followUp,
    @JsonProperty("followUpAnswer") String followUpAnswer,
    @JsonProperty("tool") String tool,
    @JsonProperty("toolInput") JsonNode toolInput,
    @JsonProperty("toolOutput") JsonNode toolOutput,
    @JsonProperty("documents") List<String> documents) {

  static List<Subject> all() {
    try (InputStream json = Subject.class.getResourceAsStream("subjects.json")) {
      return List.of(new JsonMapper().readValue(json, Subject[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
