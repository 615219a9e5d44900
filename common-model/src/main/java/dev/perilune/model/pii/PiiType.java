package dev.perilune.model.pii;

import java.util.Optional;
import java.util.stream.Stream;

/** Kinds of personal data that can be told by their form. */
public enum PiiType {
  EMAIL("email", "[EMAIL]"),
  PHONE("phone", "[PHONE]"),
  SSN("ssn", "[SSN]"),
  CREDIT_CARD("cc", "[CREDIT_CARD]"),
  IBAN("iban", "[IBAN]");

  private final String wireName;
  private final String placeholder;

  PiiType(String wireName, String placeholder) {
    this.wireName = wireName;
    this.placeholder = placeholder;
  }

  public static Optional<PiiType> of(String wireName) {
    return Stream.of(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
  }

  /** As evaluators and rules name it. */
  public String wireName() {
    return wireName;
  }

  /** What a text shows instead. */
  public String placeholder() {
    return placeholder;
  }
}
