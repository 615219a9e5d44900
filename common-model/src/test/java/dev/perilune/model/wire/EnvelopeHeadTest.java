package dev.perilune.model.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perilune.model.ProjectId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeHeadTest {
  private static final String ID = "7354c1fc-28b4-4d9f-ad70-eccc3a9d009d";

  @Test
  void projectIsFoundThoughTheRestIsBroken() {
    assertEquals(
        Optional.of(new ProjectId(UUID.fromString(ID))),
        project("{\"v\":9,\"x\":{\"project\":1},\"project\":\"" + ID + "\",\"event\":{\"a"));
  }

  @Test
  void bytesWithoutAProjectHaveNone() {
    for (String value :
        new String[] {
          "", "null", "[]", "{", "{\"v\":1}", "{\"project\":7}", "{\"project\":\"me\"}", "\u0000"
        }) {
      assertEquals(Optional.empty(), project(value), value);
    }
  }

  private static Optional<ProjectId> project(String value) {
    return EnvelopeHead.project(value.getBytes(StandardCharsets.UTF_8));
  }
}
