package dev.perilune.ingest.redact;

import dev.perilune.model.wire.EventFacts;
import java.util.List;
import java.util.Set;

/** A condition under which an event's content is hidden. */
sealed interface HideRule {

  boolean hides(EventFacts event);

  /** Every event: what cannot be understood must not let through what someone meant to hide. */
  record Everything() implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return true;
    }
  }

  /** A group that the wire calls {@code AND}: every leaf lets an event pass, or it is hidden. */
  record Any(List<HideRule> rules) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return rules.stream().anyMatch(rule -> rule.hides(event));
    }
  }

  /** A group that the wire calls {@code OR}: one leaf that lets an event pass is enough. */
  record All(List<HideRule> rules) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return !rules.isEmpty() && rules.stream().allMatch(rule -> rule.hides(event));
    }
  }

  /** Runs with one of these names, whatever their type. */
  record Model(Set<String> names) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return event.name() != null && names.contains(event.name());
    }
  }

  /** Runs of one type and name. */
  record Named(String type, String name) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return type.equals(event.type()) && name.equals(event.name());
    }
  }

  /** Events that have one of these tags. */
  record Tagged(Set<String> tags) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return tags.stream().anyMatch(event::hasTag);
    }
  }

  /** Events of one of these users, by their external ids. */
  record OfUser(Set<String> externalIds) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return event.userId() != null && externalIds.contains(event.userId());
    }
  }

  /** Events whose metadata says so; numbers and booleans are compared by their text. */
  record Noted(String key, String value) implements HideRule {
    @Override
    public boolean hides(EventFacts event) {
      return value.equals(event.metadata(key));
    }
  }
}
