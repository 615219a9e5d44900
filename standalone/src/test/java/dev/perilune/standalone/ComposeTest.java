package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.perilune.ingest.IngestSettings;
import dev.perilune.processor.ProcessorSettings;
import dev.perilune.query.QuerySettings;
import dev.perilune.runtime.config.HttpSettings;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds docker-compose.yml against what the command line and the settings really are. */
class ComposeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Map<String, List<Setting>> SETTINGS =
      Map.of(
          "migrate", joined(List.of(PgSettings.SETTINGS, StandaloneSettings.SETTINGS)),
          "gateway",
              joined(List.of(HttpSettings.SETTINGS, IngestSettings.SETTINGS, PgSettings.SETTINGS)),
          "processor", joined(List.of(HttpSettings.SETTINGS, ProcessorSettings.SETTINGS)),
          "query",
              joined(List.of(HttpSettings.SETTINGS, QuerySettings.SETTINGS, PgSettings.SETTINGS)));

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "gateway", "processor", "query"})
  void commandExists(String name) throws IOException {
    JsonNode command = service(name).path("command");
    assertEquals(1, command.size(), "one word");
    Set<String> commands = StandaloneMain.commandLine().getSubcommands().keySet();
    assertTrue(commands.contains(command.path(0).asText()), command + " is none of " + commands);
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "gateway", "processor", "query"})
  void everyVariableIsASettingAndNoneThatMustBeGivenIsMissing(String name) throws IOException {
    Set<String> given = fieldNames(service(name).path("environment"));
    Set<String> known = SETTINGS.get(name).stream().map(Setting::name).collect(Collectors.toSet());
    assertTrue(known.containsAll(given), given + " has some that are none of " + known);

    List<String> needed =
        SETTINGS.get(name).stream()
            .filter(setting -> setting.fallback().isEmpty())
            .map(Setting::name)
            .toList();
    assertTrue(given.containsAll(needed), given + " lacks some of " + needed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "processor", "query"})
  void serviceWaitsForTheSchema(String name) throws IOException {
    assertEquals(
        "service_completed_successfully",
        service(name).path("depends_on").path("migrate").path("condition").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "processor"})
  void serviceReachesTheBrokerOfThisFile(String name) throws IOException {
    String address = service(name).path("environment").path("KAFKA_BOOTSTRAP_SERVERS").asText();
    assertEquals(
        "PLAINTEXT://" + address,
        service("kafka").path("environment").path("KAFKA_ADVERTISED_LISTENERS").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "postgres"})
  void dataIsKeptInANamedVolumeAndHealthIsChecked(String name) throws IOException {
    String volume = service(name).path("volumes").path(0).asText().split(":")[0];
    assertTrue(compose().path("volumes").has(volume), volume);
    assertTrue(service(name).path("healthcheck").has("test"));
  }

  @Test
  void imageIsBuiltFromTheDockerfile() throws IOException {
    JsonNode build = service("gateway").path("build");
    assertTrue(Files.isRegularFile(ROOT.resolve(build.path("dockerfile").asText())));
    assertEquals(".", build.path("context").asText());
  }

  private static JsonNode service(String name) throws IOException {
    JsonNode service = compose().path("services").path(name);
    assertTrue(service.isObject(), name);
    return service;
  }

  private static JsonNode compose() throws IOException {
    // Jackson's own YAML reader does not follow anchors and merge keys, which this file uses.
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    String text = Files.readString(ROOT.resolve("docker-compose.yml"));
    return new JsonMapper().valueToTree(yaml.<Object>load(text));
  }

  private static Set<String> fieldNames(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<Setting> joined(List<List<Setting>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }
}
