package dev.perilune.standalone.demo;

/** A demo that cannot go on; the text is for the person at the terminal. */
public final class DemoFailure extends RuntimeException {

  DemoFailure(String message) {
    super(message);
  }
}
