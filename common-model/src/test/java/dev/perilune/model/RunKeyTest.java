package dev.perilune.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunKeyTest {
  private static final ProjectId PROJECT =
      new ProjectId(UUID.fromString("22222222-2222-4222-8222-222222222222"));

  @Test
  void keysCompareAsTheDatabaseComparesThem() {
    RunKey low = key("7fffffff-ffff-ffff-ffff-ffffffffffff");
    RunKey high = key("80000000-0000-0000-0000-000000000000");
    RunKey higher = key("80000000-0000-0000-8000-000000000000");

    assertTrue(low.compareTo(high) < 0);
    assertTrue(high.compareTo(higher) < 0);
    assertEquals(0, high.compareTo(key("80000000-0000-0000-0000-000000000000")));
  }

  private static RunKey key(String id) {
    return new RunKey(PROJECT, UUID.fromString(id));
  }
}
