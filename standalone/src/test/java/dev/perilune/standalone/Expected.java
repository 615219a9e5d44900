package dev.perilune.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares an answer with the part of it that a test cares about: members that are expected must be
 * there and match, others may be there too; lists match element by element; {@code null} also
 * stands for a member that is missing.
 */
final class Expected {
  private final List<String> differences = new ArrayList<>();

  private Expected() {}

  /** One line for each difference, with its path; empty if the answer is as expected. */
  static List<String> differences(JsonNode expected, JsonNode actual) {
    Expected comparison = new Expected();
    comparison.compare("", expected, actual);
    return comparison.differences;
  }

  private void compare(String path, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      for (Map.Entry<String, JsonNode> member : expected.properties()) {
        compare(path + "/" + member.getKey(), member.getValue(), actual.path(member.getKey()));
      }
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(path + "/" + i, expected.get(i), actual.get(i));
      }
    } else if (!isSame(expected, actual)) {
      differences.add(
          path + ": expected " + expected + ", was " + (actual.isMissingNode() ? "-" : actual));
    }
  }

  private static boolean isSame(JsonNode expected, JsonNode actual) {
    if (expected.isNull()) {
      return actual.isNull() || actual.isMissingNode();
    }
    if (expected.isNumber() && actual.isNumber()) {
      return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
    }
    return expected.isValueNode() && expected.equals(actual);
  }
}
