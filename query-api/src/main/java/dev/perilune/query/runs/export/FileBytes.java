package dev.perilune.query.runs.export;

import java.io.ByteArrayOutputStream;

/** Bytes of a file that is written in pieces: those that are ready are taken away. */
final class FileBytes extends ByteArrayOutputStream {

  private long taken;

  /** What was written since the last call. */
  byte[] take() {
    byte[] ready = toByteArray();
    taken += ready.length;
    reset();
    return ready;
  }

  /** Bytes of the file so far, taken ones included. */
  long position() {
    return taken + size();
  }
}
