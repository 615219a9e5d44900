package dev.perilune.query.filter;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a filter can ask of a run that is not read from the database. */
public record RunFacts(String type, @Nullable UUID parentRunId, @Nullable String parentType) {}
