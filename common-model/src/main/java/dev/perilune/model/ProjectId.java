package dev.perilune.model;

import java.util.UUID;

/** Names a project. Everything stored belongs to exactly one; it is also the public key. */
public record ProjectId(UUID value) {

  @Override
  public String toString() {
    return value.toString();
  }
}
