package dev.perilune.processor.pipeline;

/** A record that can never be stored, with the reason, for people to read. */
public record Rejected(SourceRecord record, String reason) {}
