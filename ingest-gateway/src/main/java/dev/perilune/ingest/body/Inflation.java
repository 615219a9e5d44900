package dev.perilune.ingest.body;

import dev.perilune.runtime.http.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** How a body is compressed. What comes out is limited while it comes out, never after. */
enum Inflation {
  NONE,
  GZIP,
  DEFLATE;

  private static final int STEP_BYTES = 64 * 1024;

  /**
   * Reads a {@code Content-Encoding}.
   *
   * @throws Problem.BadRequest if it is one that we don't know
   */
  static Inflation of(@Nullable String contentEncoding) {
    if (contentEncoding == null) {
      return NONE;
    }
    return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> NONE;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> throw new Problem.BadRequest("Content-Encoding must be gzip, deflate or identity");
    };
  }

  /**
   * Decompresses. Blocks for as long as that takes, some milliseconds a megabyte.
   *
   * @param maxBytes what may come out
   * @param share takes what comes out, and refuses when memory is short
   * @throws Problem if too much comes out, memory is short or the bytes are broken
   */
  byte[] inflate(byte[] body, int maxBytes, ByteShare share) {
    try (InputStream in = stream(body)) {
      byte[] out = new byte[Math.min(maxBytes, STEP_BYTES) + 1];
      int size = 0;
      for (int read; (read = in.read(out, size, out.length - size)) >= 0; ) {
        size += read;
        if (size > maxBytes) {
          throw new Problem.TooLarge();
        }
        if (!share.grow(read)) {
          throw new Problem.Unavailable("The gateway holds as many bytes as it may");
        }
        if (size == out.length) {
          out = Arrays.copyOf(out, (int) Math.min(maxBytes + 1L, size * 2L));
        }
      }
      return Arrays.copyOf(out, size);
    } catch (ZipException | EOFException broken) {
      throw new Problem.BadRequest(
          "The body is not valid " + name().toLowerCase(Locale.ROOT) + ": " + broken.getMessage());
    } catch (IOException impossible) {
      throw new IllegalStateException("Reading from memory failed", impossible);
    }
  }

  private InputStream stream(byte[] body) throws IOException {
    InputStream in = new ByteArrayInputStream(body);
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, STEP_BYTES);
      // some clients leave out the two bytes that say it is zlib
      case DEFLATE -> new InflaterInputStream(in, new Inflater(!isZlib(body)), STEP_BYTES);
    };
  }

  private static boolean isZlib(byte[] body) {
    return body.length >= 2
        && (body[0] & 0x0F) == 8
        && ((body[0] & 0xFF) << 8 | body[1] & 0xFF) % 31 == 0;
  }
}
