package dev.perilune.ingest.otlp.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests in OTLP/JSON. Goes down to the spans without building a tree; each span is one, and gone
 * before the next is read.
 */
public final class JsonReader {

  /** What one request holds; usually of one kind. */
  public record Content(List<SpanData> spans, List<LogData> logs) {}

  private final JsonParser in;
  private final int maxItems;
  private final Content content = new Content(new ArrayList<>(), new ArrayList<>());

  private JsonReader(JsonParser in, int maxItems) {
    this.in = in;
    this.maxItems = maxItems;
  }

  /**
   * Reads a request, whichever signals it holds.
   *
   * @throws TooMany if there are more than {@code maxItems} of a kind
   */
  public static Content read(byte[] body, int maxItems) throws Undecodable {
    try (JsonParser in = Json.FACTORY.createParser(body)) {
      JsonReader reader = new JsonReader(in, maxItems);
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new Undecodable("The body must be a JSON object, as OTLP/JSON says");
      }
      reader.request();
      if (in.nextToken() != null) {
        throw new Undecodable("The body goes on after the end of its JSON object");
      }
      return reader.content;
    } catch (IOException broken) {
      throw new Undecodable("The body is not valid JSON");
    }
  }

  private void request() throws IOException, Undecodable {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "resourceSpans", "resource_spans", "resourceLogs", "resource_logs" -> each(field);
        default -> in.skipChildren();
      }
    }
  }

  private void each(String field) throws IOException, Undecodable {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new Undecodable(field + " must be a list");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      require(field);
      resource();
    }
  }

  private void require(String field) throws Undecodable {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new Undecodable("The elements of " + field + " must be objects");
    }
  }

  private void resource() throws IOException, Undecodable {
    List<Source> sources = new ArrayList<>();
    Map<String, Object> attributes = Map.of();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "resource" -> attributes = attributes(tree());
        case "scopeSpans", "scope_spans", "scopeLogs", "scope_logs" -> scopes(field, sources);
        default -> in.skipChildren();
      }
    }
    for (Source source : sources) {
      source.resource(attributes);
    }
  }

  private void scopes(String field, List<Source> sources) throws IOException, Undecodable {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new Undecodable(field + " must be a list");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      require(field);
      Source source = new Source();
      sources.add(source);
      scope(source);
    }
  }

  private void scope(Source source) throws IOException, Undecodable {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "scope" -> {
          JsonValues scope = new JsonValues(tree());
          source.scope(scope.text("name"), scope.text("version"), scope.attributes());
        }
        case "spans" -> {
          for (Map<?, ?> span = first(field); span != null; span = next(field)) {
            content.spans.add(new JsonValues(span).span(source));
          }
        }
        case "logRecords", "log_records" -> {
          for (Map<?, ?> log = first(field); log != null; log = next(field)) {
            content.logs.add(new JsonValues(log).log(source));
          }
        }
        default -> in.skipChildren();
      }
    }
  }

  private @Nullable Map<?, ?> first(String field) throws IOException, Undecodable {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new Undecodable(field + " must be a list");
    }
    return next(field);
  }

  private @Nullable Map<?, ?> next(String field) throws IOException, Undecodable {
    if (in.nextToken() == JsonToken.END_ARRAY) {
      return null;
    }
    require(field);
    if (Math.max(content.spans.size(), content.logs.size()) >= maxItems) {
      throw new TooMany(maxItems);
    }
    return tree();
  }

  private static Map<String, Object> attributes(Map<?, ?> holder) throws Undecodable {
    return new JsonValues(holder).attributes();
  }

  private Map<?, ?> tree() throws IOException, Undecodable {
    Object tree = JsonTree.read(in);
    if (tree == JsonTree.TOO_DEEP) {
      throw new Undecodable(
          "A span or record nests deeper than %d levels or holds more than %d values"
              .formatted(JsonTree.MAX_DEPTH, JsonTree.MOST_VALUES));
    }
    return tree instanceof Map<?, ?> map ? map : Map.of();
  }
}
