package dev.perilune.processor.pipeline;

/** One record of the events topic and where it stands. */
public record SourceRecord(String topic, int partition, long offset, byte[] value) {}
