package dev.perilune.standalone.remote;

/** A command that cannot go on; the text is for the person at the terminal. */
public final class RemoteFailure extends RuntimeException {

  public RemoteFailure(String message) {
    super(message);
  }

  /**
   * Returns the value, which must be in the range.
   *
   * @throws RemoteFailure naming the option and the range
   */
  public static int requireRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new RemoteFailure(option + " must be " + min + " to " + max + ", was " + value);
    }
    return value;
  }
}
