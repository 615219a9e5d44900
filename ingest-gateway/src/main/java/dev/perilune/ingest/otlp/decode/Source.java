package dev.perilune.ingest.otlp.decode;

import java.util.Map;

/**
 * Who made spans and records: the resource and the instrumentation scope above them. JSON may tell
 * it after them, so that it is filled while they are read and complete once reading is over.
 */
public final class Source {
  private Map<String, Object> resource = Map.of();
  private Map<String, Object> scope = Map.of();
  private String scopeName = "";
  private String scopeVersion = "";

  void resource(Map<String, Object> attributes) {
    resource = attributes;
  }

  void scope(String name, String version, Map<String, Object> attributes) {
    scopeName = name;
    scopeVersion = version;
    scope = attributes;
  }

  /** Attributes of the resource. */
  public Map<String, Object> resource() {
    return resource;
  }

  /** Attributes of the scope. */
  public Map<String, Object> scope() {
    return scope;
  }

  /** Name of the instrumentation, empty if not told. */
  public String scopeName() {
    return scopeName;
  }

  /** Its version, empty if not told. */
  public String scopeVersion() {
    return scopeVersion;
  }
}
