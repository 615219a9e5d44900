package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.standalone.StandaloneSettings.WantedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstKeysTest {
  private static final WantedKeys ANY = new WantedKeys(null, null, null);

  @TempDir Path dir;

  @Test
  void randomKeysStayTheSame() {
    assertEquals(FirstKeys.load(dir, ANY), FirstKeys.load(dir, ANY));
  }

  @Test
  void wantedKeyTakesThePlaceOfTheKeptOne() {
    FirstKeys first = FirstKeys.load(dir, ANY);
    UUID wanted = UUID.randomUUID();

    FirstKeys second = FirstKeys.load(dir, new WantedKeys(null, wanted, null));

    assertEquals(new FirstKeys(first.projectId(), wanted, first.organisationKey()), second);
    assertEquals(second, FirstKeys.load(dir, ANY));
  }

  @Test
  void fileIsReadableByItsOwnerOnly() throws IOException {
    FirstKeys.load(dir, ANY);
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(dir.resolve("keys.json")));
  }

  @Test
  void damagedFileIsNamed() throws IOException {
    Files.writeString(dir.resolve("keys.json"), "{");
    StartRefused refused = assertThrows(StartRefused.class, () -> FirstKeys.load(dir, ANY));
    assertTrue(refused.getMessage().contains("keys.json"));
  }
}
