package dev.perilune.model.wire;

import dev.perilune.model.ReportedUsage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads token counts under the names that SDKs and users' own code give them. */
final class UsageFields {
  private UsageFields() {}

  static @Nullable ReportedUsage read(Map<String, String> fields) {
    Integer prompt = count(fields, "prompt", "promptTokens");
    Integer completion = count(fields, "completion", "completionTokens");
    Integer cached = count(fields, "promptCached", "cachedPromptTokens");
    return prompt == null && completion == null && cached == null
        ? null
        : new ReportedUsage(prompt, completion, cached);
  }

  private static @Nullable Integer count(Map<String, String> fields, String name, String synonym) {
    Integer count = ReportedUsage.count(fields.get(name));
    return count != null ? count : ReportedUsage.count(fields.get(synonym));
  }
}
