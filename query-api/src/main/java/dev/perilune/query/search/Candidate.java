package dev.perilune.query.search;

import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.UUID;

/** A run whose texts may hold what is looked for. */
public record Candidate(UUID id, OffsetDateTime start) {

  /** As lists are ordered: by start, then by id as the database compares them. */
  public static final Comparator<Candidate> NEWEST_FIRST =
      Comparator.comparing(Candidate::start)
          .thenComparing(candidate -> candidate.id().toString())
          .reversed();
}
