package dev.perilune.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PostgresSettingsTest {
  private static final Pattern IN_COMPOSE = Pattern.compile("(?m)^ +- -c(\\w+)=(\\S+)$");
  private static final Pattern EMBEDDED = Pattern.compile("-c (\\w+)='([^']*)'");

  @Test
  void composeGivesItsServerTheSame() throws IOException {
    Map<String, String> composed =
        settings(IN_COMPOSE, Files.readString(Path.of("../docker-compose.yml")));
    Map<String, String> embedded = settings(EMBEDDED, PostgresSettings.commandLine(1, true));
    assertTrue(composed.containsKey("shared_buffers"));
    embedded.keySet().retainAll(composed.keySet());
    assertEquals(embedded, composed);
  }

  private static Map<String, String> settings(Pattern pattern, String text) {
    Map<String, String> found = new TreeMap<>();
    pattern.matcher(text).results().forEach(one -> found.put(one.group(1), one.group(2)));
    return found;
  }
}
