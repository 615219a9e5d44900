package dev.perilune.query.runs;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the constants of printed Python values into those of JSON. */
final class PythonLiterals {

  private static final Map<String, String> CONSTANTS =
      Map.of("True", "true", "False", "false", "None", "null");

  // quoted texts match first and are kept, so that a word inside one is left alone
  private static final Pattern TEXT_OR_CONSTANT =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"|\\b(?:True|False|None)\\b",
          Pattern.DOTALL);

  private PythonLiterals() {}

  static String toJson(String printed) {
    return TEXT_OR_CONSTANT
        .matcher(printed)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(CONSTANTS.getOrDefault(found.group(), found.group())));
  }
}
