package dev.perilune.ingest.otlp.decode;

/**
 * The spans or records of one request, each decoded when it is asked for, so that a large request
 * never exists as objects as a whole.
 */
public interface Items<T> {
  int size();

  /** Decodes one. */
  T get(int index) throws Undecodable;
}
