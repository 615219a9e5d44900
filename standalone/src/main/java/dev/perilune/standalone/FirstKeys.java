package dev.perilune.standalone;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.standalone.StandaloneSettings.WantedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the first project, in plain.
 *
 * <p>Postgres holds only their hashes; the file in the data folder, which its owner alone can read,
 * is what lets every start print them again.
 *
 * @param projectId the project, and its public key
 */
record FirstKeys(
    @JsonProperty("projectId") UUID projectId,
    @JsonProperty("privateKey") UUID privateKey,
    @JsonProperty("organisationKey") UUID organisationKey) {

  private static final String FILE_NAME = "keys.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Those in the folder's file, changed to what is wanted and random where nothing says. */
  static FirstKeys load(Path dataDir, WantedKeys wanted) {
    FirstKeys kept = read(dataDir);
    FirstKeys keys = of(wanted, kept == null ? random() : kept);
    if (!keys.equals(kept)) {
      keys.write(dataDir);
    }
    return keys;
  }

  /** The wanted keys, random where nothing is wanted. */
  static FirstKeys of(WantedKeys wanted) {
    return of(wanted, random());
  }

  private static FirstKeys of(WantedKeys wanted, FirstKeys others) {
    return new FirstKeys(
        wanted.projectId() != null ? wanted.projectId() : others.projectId,
        wanted.privateKey() != null ? wanted.privateKey() : others.privateKey,
        wanted.organisationKey() != null ? wanted.organisationKey() : others.organisationKey);
  }

  private static FirstKeys random() {
    return new FirstKeys(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
  }

  /** Those of a data folder, or null when it has none. */
  static @Nullable FirstKeys read(Path dataDir) {
    Path file = dataDir.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), FirstKeys.class);
    } catch (JsonProcessingException e) {
      throw new StartRefused(file + " is damaged. Mend it or delete it; new keys are made then.");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }

  /** Keeps the new private key of a data folder's first project, where it is that one. */
  static void noteRotation(Path dataDir, UUID project, UUID privateKey) {
    FirstKeys kept = read(dataDir);
    if (kept != null && kept.projectId.equals(project)) {
      new FirstKeys(project, privateKey, kept.organisationKey).write(dataDir);
    }
  }

  private void write(Path dataDir) {
    try {
      PrivateFile.write(
          dataDir.resolve(FILE_NAME),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException("Keys could not be written as JSON", impossible);
    }
  }
}
