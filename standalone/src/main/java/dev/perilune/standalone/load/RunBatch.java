package dev.perilune.standalone.load;

import java.util.UUID;

/**
 * One request's worth of finished runs.
 *
 * @param body what is posted
 * @param lastRun the run whose end comes last in the request
 */
record RunBatch(byte[] body, UUID lastRun) {}
