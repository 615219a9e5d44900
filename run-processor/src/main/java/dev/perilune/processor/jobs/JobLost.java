package dev.perilune.processor.jobs;

/** A job was deleted, or another worker has it: nothing of the step at hand may stay. */
final class JobLost extends RuntimeException {
  JobLost() {
    super("The job is gone or another worker's", null, false, false);
  }
}
