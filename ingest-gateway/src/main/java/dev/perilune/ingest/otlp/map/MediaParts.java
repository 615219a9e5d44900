package dev.perilune.ingest.otlp.map;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pictures, sounds and files in messages, from the shapes of several APIs to OpenAI's. */
final class MediaParts {
  private static final Set<String> IMAGE_ENDINGS =
      Set.of("png", "jpg", "jpeg", "gif", "webp", "bmp", "svg");

  /** First characters of pictures in base64. */
  private static final Map<String, String> PICTURES =
      Map.of(
          "iVBOR", "image/png", "/9j/", "image/jpeg", "R0lG", "image/gif", "UklGR", "image/webp");

  private MediaParts() {}

  /** The part in its usual shape; a part of an unknown kind as it is. */
  static Map<String, Object> block(Map<String, Object> part) {
    String type = String.valueOf(part.get("type"));
    return switch (type) {
      case "image_url", "input_audio" -> part;
      case "image", "file", "blob", "binary", "uri" -> media(part, type);
      case "image-url", "input_image" -> image(text(part, "url", "image_url"), part);
      case "audio-url", "video-url", "document-url" -> fileAt(text(part, "url"), part);
      default ->
          part.get("inlineData") instanceof Map<?, ?> inline
              ? inline(Coerce.named(inline), part)
              : part;
    };
  }

  private static Map<String, Object> media(Map<String, Object> part, String type) {
    if (part.get("file_id") != null) {
      return block("file", "file", Map.of("file_id", part.get("file_id")));
    }
    if (part.get("source") instanceof Map<?, ?> source) {
      Map<String, Object> named = Coerce.named(source);
      String url = text(named, "url");
      return url != null ? at(url, part, type) : inline(named, part);
    }
    String url = text(part, "uri", "url");
    if (url != null) {
      return at(url, part, type);
    }
    String image = text(part, "image");
    if (image != null && !image.contains(":")) {
      String mime = mime(part, assumed(Map.of("type", "image"), image));
      return inline(Map.of("data", image, "mediaType", mime), part);
    }
    return image != null ? image(image, part) : inline(part, part);
  }

  private static Map<String, Object> at(String url, Map<String, Object> part, String type) {
    String mime = mime(part, "");
    String modality = String.valueOf(part.get("modality"));
    String path = url.split("[?#]", 2)[0].toLowerCase(Locale.ROOT);
    boolean isImage =
        type.equals("image")
            || modality.equals("image")
            || mime.startsWith("image/")
            || mime.isEmpty()
                && modality.equals("null")
                && IMAGE_ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1));
    return isImage ? image(url, part) : fileAt(url, part);
  }

  private static Map<String, Object> inline(Map<String, Object> holder, Map<String, Object> part) {
    String data = text(holder, "data", "content");
    if (data == null) {
      return part;
    }
    String mime = mime(holder, mime(part, assumed(part, data)));
    boolean isUrl = data.startsWith("data:") || data.startsWith("http");
    String url = isUrl ? data : "data:" + mime + ";base64," + data;
    if (mime.startsWith("image/") || "image".equals(part.get("modality"))) {
      return image(url, part);
    }
    if (mime.startsWith("audio/")) {
      Map<String, Object> audio = new LinkedHashMap<>();
      audio.put("data", data);
      audio.put("format", mime.substring("audio/".length()));
      return block("input_audio", "input_audio", audio);
    }
    return block("file", "file", Map.of("file_data", url));
  }

  /** What nobody told: a picture shows what it is by how it begins. */
  private static String assumed(Map<String, Object> part, String data) {
    String kind =
        String.valueOf(part.get("modality") == null ? part.get("type") : part.get("modality"));
    return switch (kind) {
      case "image" ->
          PICTURES.entrySet().stream()
              .filter(picture -> data.startsWith(picture.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse("image/png");
      case "audio" -> data.startsWith("SUQz") || data.startsWith("//") ? "audio/mp3" : "audio/wav";
      default -> "application/octet-stream";
    };
  }

  private static Map<String, Object> image(@Nullable String url, Map<String, Object> part) {
    return url == null ? part : block("image_url", "image_url", Map.of("url", url));
  }

  private static Map<String, Object> fileAt(@Nullable String url, Map<String, Object> part) {
    return url == null ? part : block("file", "file", Map.of("file_url", url));
  }

  private static Map<String, Object> block(String type, String key, Map<String, ?> value) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", type);
    block.put(key, value);
    return block;
  }

  private static String mime(Map<String, Object> map, String fallback) {
    String mime = text(map, "mime_type", "media_type", "mediaType", "mimeType");
    return mime == null ? fallback : mime;
  }

  private static @Nullable String text(Map<String, Object> map, String... keys) {
    return Stream.of(keys)
        .map(map::get)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
