package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.ingest.IngestSettings;
import dev.perilune.processor.ProcessorSettings;
import dev.perilune.query.QuerySettings;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the documents at the root against the settings, commands and files that there really are.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SETTING_ROW =
      Pattern.compile("\\| `([A-Z_]+)` \\| ([^|]*) \\| ([^|]*) \\|.*");
  private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)\\)");

  @ParameterizedTest
  @MethodSource("settings")
  void settingIsListedAsItIs(Setting setting) throws IOException {
    Row row = rows().get(setting.name());
    assertNotNull(row, setting.name() + " is missing in the settings table of README.md");
    String expected = setting.fallback().isEmpty() ? "must be set" : setting.fallback();
    assertTrue(row.defaults().contains(expected), row + " must have the default " + expected);
    assertTrue(row.range().startsWith(setting.range()), row + " must say " + setting.range());
  }

  @Test
  void nothingElseIsListed() throws IOException {
    Set<String> known = settings().map(Setting::name).collect(Collectors.toSet());
    Set<String> listed = new TreeSet<>(rows().keySet());
    listed.removeAll(known);
    assertEquals(Set.of(), listed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "RATIONALE.md", "CHANGELOG.md"})
  void linkedFilesExist(String document) throws IOException {
    Matcher link = LINK.matcher(Files.readString(ROOT.resolve(document)));
    while (link.find()) {
      assertTrue(Files.exists(ROOT.resolve(link.group(1))), document + " links " + link.group(1));
    }
  }

  @Test
  void everyCommandIsNamed() throws IOException {
    String text = Files.readString(ROOT.resolve("README.md"));
    Set<String> commands = new TreeSet<>(StandaloneMain.commandLine().getSubcommands().keySet());
    commands.remove("standalone"); // the default, which needs no word
    commands.removeIf(name -> text.contains("`" + name + "`"));
    commands.removeIf(name -> text.contains("./perilune " + name));
    assertEquals(Set.of(), commands);
  }

  @Test
  void everyModuleHasItsPage() throws IOException {
    String text = Files.readString(ROOT.resolve("README.md"));
    Matcher module =
        Pattern.compile("<module>([a-z-]+)</module>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (module.find()) {
      String page = module.group(1) + "/README.md";
      assertTrue(Files.exists(ROOT.resolve(page)), page);
      assertTrue(text.contains("(" + page + ")"), "README.md must link " + page);
    }
  }

  static Stream<Setting> settings() {
    return Stream.of(
            HttpSettings.SETTINGS,
            PgSettings.SETTINGS,
            IngestSettings.SETTINGS,
            ProcessorSettings.SETTINGS,
            QuerySettings.SETTINGS,
            StandaloneSettings.SETTINGS)
        .flatMap(List::stream)
        .distinct();
  }

  private static Map<String, Row> rows() throws IOException {
    Map<String, Row> rows = new HashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      Matcher cells = SETTING_ROW.matcher(line);
      if (cells.matches()) {
        List<String> defaults =
            Arrays.stream(cells.group(2).split(";"))
                .map(part -> part.replaceFirst("^ (query|standalone):", "").strip())
                .toList();
        rows.put(cells.group(1), new Row(cells.group(1), defaults, cells.group(3).strip()));
      }
    }
    return rows;
  }

  /**
   * One line of the settings table.
   *
   * @param defaults that of the services, then those of single ones where they differ
   */
  private record Row(String name, List<String> defaults, String range) {}
}
