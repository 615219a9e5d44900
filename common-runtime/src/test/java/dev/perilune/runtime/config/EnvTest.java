package dev.perilune.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvTest {

  @Test
  void unsetAndEmptyVariablesTakeTheFallback() {
    Env env = new Env(Map.of("EMPTY", "  "));

    assertEquals("x", env.text("EMPTY", "x"));
    assertEquals(5, env.integer("UNSET", 5, 1, 9));
    assertTrue(env.flag("UNSET", true));
    assertNull(env.uuid("UNSET"));
    env.check();
  }

  @Test
  void givenValuesAreReadAsTheirType() {
    Env env =
        new Env(
            Map.of(
                "N", " 7 ", "L", "9000000000", "F", "Off", "U", UUID_TEXT.toUpperCase(), "T", "t"));

    assertEquals(7, env.integer("N", 1, 1, 9));
    assertEquals(9_000_000_000L, env.longInteger("L", 1, 1, Long.MAX_VALUE));
    assertFalse(env.flag("F", true));
    assertEquals(UUID.fromString(UUID_TEXT), env.uuid("U"));
    assertEquals("t", env.text("T", ""));
    assertTrue(env.has("T"));
    env.check();
  }

  @Test
  void everyFaultIsToldAtOnceWithValueAndCure() {
    Env env = new Env(Map.of("N", "70", "F", "maybe", "U", "1-2-3", "W", "four"));

    env.integer("N", 1, 1, 9);
    env.integer("W", 1, 1, 9);
    env.flag("F", true);
    env.uuid("U");
    InvalidSettings invalid = assertThrows(InvalidSettings.class, env::check);

    assertEquals(4, invalid.faults().size());
    assertTrue(invalid.getMessage().contains("N=70: must be a whole number from 1 to 9"));
    assertTrue(invalid.getMessage().contains("F=maybe: must be true or false"));
  }

  private static final String UUID_TEXT = "7354c1fc-28b4-4d9f-ad70-eccc3a9d009d";
}
