package dev.perilune.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the ids that clients choose into the UUIDs that runs are stored under.
 *
 * <p>Both derivations are part of the wire contract: SDKs compute them too, so they must never
 * change.
 */
public final class RunIds {
  private static final int UUID_LENGTH = 36;

  private RunIds() {}

  /**
   * Returns the stored id of a client's id: a UUID as it is, whatever its version and variant bits;
   * any other text hashed; {@code null} for no id or the empty text.
   */
  public static @Nullable UUID derive(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return null;
    }
    UUID uuid = parseUuid(raw);
    return uuid != null ? uuid : seedUuid(raw);
  }

  /** Returns the UUID that a text of the form 8-4-4-4-12 hex digits spells, else {@code null}. */
  public static @Nullable UUID parseUuid(@Nullable String text) {
    if (text == null || text.length() != UUID_LENGTH) {
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(i);
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        if (c != '-') {
          return null;
        }
        continue;
      }
      int digit = HexFormat.isHexDigit(c) ? HexFormat.fromHexDigit(c) : -1;
      if (digit < 0) {
        return null;
      }
      if (i < 18) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
    }
    return new UUID(high, low);
  }

  /** SHA-256 of the text with the version digit 4 and the variant digit a, as Lunary derives it. */
  public static UUID seedUuid(String raw) {
    UUID hash = pyUuid(raw);
    long high = hash.getMostSignificantBits() & ~0xF000L | 0x4000L;
    long low = hash.getLeastSignificantBits() & ~(0xFL << 60) | 0xAL << 60;
    return new UUID(high, low);
  }

  /** The first 128 bits of the text's SHA-256, unaltered, as the Python SDK derives ids. */
  public static UUID pyUuid(String text) {
    byte[] hash = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      high = high << 8 | hash[i] & 0xFF;
      low = low << 8 | hash[i + 8] & 0xFF;
    }
    return new UUID(high, low);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
