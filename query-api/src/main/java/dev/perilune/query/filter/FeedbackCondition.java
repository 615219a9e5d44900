package dev.perilune.query.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;

/** Runs with one of these kinds of feedback, their own or that of a child. */
record FeedbackCondition(List<Kind> kinds) implements Condition {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What somebody may have said of a run. */
  enum Kind {
    THUMB_UP(
        own("f.feedback ->> 'thumb' = 'up'") + " OR " + child("f.feedback ->> 'thumb' = 'up'")),
    THUMB_DOWN(
        own("f.feedback ->> 'thumb' = 'down'") + " OR " + child("f.feedback ->> 'thumb' = 'down'")),
    NO_THUMB(
        "(r.feedback ->> 'thumb') IS NULL AND NOT " + child("f.feedback ->> 'thumb' IS NOT NULL")),
    COMMENT(
        own("f.feedback ->> 'comment' IS NOT NULL")
            + " OR "
            + child("f.feedback ->> 'comment' IS NOT NULL")
            + " OR "
            + chatAbove("f.feedback ->> 'comment' IS NOT NULL"));

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }

    private static String own(String said) {
      return said.replace("f.", "r.");
    }

    // feedback is rare: the parents of all runs that have some are found once, not for each run
    private static String child(String said) {
      return """
      (r.id IN (
        SELECT coalesce(a.run_id, f.parent_run_id)
          FROM run f
          LEFT JOIN run_alias a ON a.project_id = $1 AND a.id = f.parent_run_id
         WHERE f.project_id = $1 AND f.feedback IS NOT NULL AND f.parent_run_id IS NOT NULL
           AND NOT f.is_deleted AND %s OFFSET 0))\
      """
          .formatted(said);
    }

    private static String chatAbove(String said) {
      return """
      coalesce(r.parent_run_id IN (
        SELECT known.id
          FROM run f
         CROSS JOIN LATERAL (SELECT f.id
                              UNION ALL
                             SELECT a.id FROM run_alias a
                              WHERE a.project_id = $1 AND a.run_id = f.id) known
         WHERE f.project_id = $1 AND f.feedback IS NOT NULL AND f.type = 'chat'
           AND NOT f.is_deleted AND %s OFFSET 0), FALSE)\
      """
          .formatted(said);
    }
  }

  /**
   * Reads texts such as {@code {"thumb":"up"}}.
   *
   * @param path where they are, for a failure
   * @throws dev.perilune.runtime.http.Problem.Invalid if one is no kind of feedback
   */
  static FeedbackCondition of(String path, List<String> texts) {
    return new FeedbackCondition(texts.stream().map(text -> kind(path, text)).toList());
  }

  @Override
  public String sql(SqlArguments arguments) {
    return kinds.stream().map(kind -> "(" + kind.sql + ")").collect(Collectors.joining(" OR "));
  }

  private static Kind kind(String path, String text) {
    JsonNode said = tree(text);
    JsonNode thumb = said.path("thumb");
    if (thumb.isNull()) {
      return Kind.NO_THUMB;
    }
    return switch (thumb.asText()) {
      case "up" -> Kind.THUMB_UP;
      case "down" -> Kind.THUMB_DOWN;
      default -> {
        if (thumb.isMissingNode() && said.has("comment")) {
          yield Kind.COMMENT;
        }
        throw FilterValues.invalid(
            path,
            "Expected {\"thumb\":\"up\"}, {\"thumb\":\"down\"}, {\"thumb\":null} or"
                + " {\"comment\":\"\"}",
            text);
      }
    };
  }

  private static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      return MAPPER.nullNode();
    }
  }
}
