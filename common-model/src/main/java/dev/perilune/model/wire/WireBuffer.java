package dev.perilune.model.wire;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes in one array that grows; an array handed out before stays valid for what it held. */
final class WireBuffer extends OutputStream {
  private byte[] bytes;
  private int size;

  WireBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  @Override
  public void write(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int from, int length) {
    ensure(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.addExact(size, Math.max(more, size / 2)));
    }
  }

  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  void truncate(int newSize) {
    size = newSize;
  }
}
