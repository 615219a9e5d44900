package dev.perilune.ingest.otlp.decode;

/** A request that is neither the protobuf nor the JSON that it claims to be. */
public final class Undecodable extends Exception {
  public Undecodable(String message) {
    super(message, null, false, false);
  }
}
