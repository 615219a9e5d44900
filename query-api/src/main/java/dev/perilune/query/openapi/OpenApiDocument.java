package dev.perilune.query.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The description of every route, joined from one file for each feature: {@code openapi/*.yaml}
 * beside {@code openapi/_base.yaml}, which has what they share. A feature brings {@code tags},
 * {@code paths} and {@code components}; what two files both describe is a fault.
 */
final class OpenApiDocument {

  private static final String BASE = "_base.yaml";
  private static final YAMLMapper YAML = new YAMLMapper();

  private OpenApiDocument() {}

  /**
   * Reads and joins the files of this build.
   *
   * @throws IllegalStateException naming the file and what in it is described twice
   */
  static ObjectNode load() {
    try {
      URL base = Objects.requireNonNull(OpenApiDocument.class.getResource("/openapi/" + BASE));
      URI uri = base.toURI();
      if (!uri.getScheme().equals("jar")) {
        return joined(Path.of(uri).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return joined(jar.getPath("/openapi"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The description of the routes cannot be read", e);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("A class path entry is no URI", impossible);
    }
  }

  private static ObjectNode joined(Path folder) throws IOException {
    ObjectNode document = (ObjectNode) read(folder.resolve(BASE));
    for (Path file : features(folder)) {
      JsonNode feature = read(file);
      for (Map.Entry<String, JsonNode> part : feature.properties()) {
        if (!List.of("tags", "paths", "components").contains(part.getKey())) {
          throw new IllegalStateException(file + ": " + part.getKey() + " belongs into " + BASE);
        }
      }
      add(document, feature, file.getFileName().toString());
    }
    return document;
  }

  private static List<Path> features(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith(BASE))
          .sorted()
          .toList();
    }
  }

  private static void add(ObjectNode to, JsonNode from, String where) {
    for (Map.Entry<String, JsonNode> part : from.properties()) {
      String name = part.getKey();
      JsonNode there = to.get(name);
      JsonNode added = part.getValue();
      if (there == null) {
        to.set(name, added);
      } else if (there instanceof ArrayNode list && added instanceof ArrayNode more) {
        list.addAll(more);
      } else if (isGroup(there) && isGroup(added)) {
        add((ObjectNode) there, added, where + " " + name);
      } else {
        throw new IllegalStateException(where + " " + name + " is described twice");
      }
    }
  }

  // features meet in groups of things, and never in one thing, which has a text or a number in it
  private static boolean isGroup(JsonNode node) {
    return node.isObject() && node.valueStream().allMatch(JsonNode::isObject);
  }

  private static JsonNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return YAML.readTree(in);
    }
  }
}
