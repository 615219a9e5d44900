package dev.perilune.model.pii;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiMaskTest {
  private static final PiiMask ALL = new PiiMask(EnumSet.allOf(PiiType.class));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ann@example.com                          | [EMAIL]
          Write to <Ann.O'Hara+x@mail.example.co.uk>. | Write to <[EMAIL]>.
          mailto:müller@bücher.de, thanks           | mailto:[EMAIL], thanks
          a@b.co and c@d.org                        | [EMAIL] and [EMAIL]
          call +49 30 1234567 now                   | call [PHONE] now
          +14155550123                              | [PHONE]
          (555) 123-4567                            | [PHONE]
          1-555-123-4567, 555.123.4567              | [PHONE], [PHONE]
          Tel. 030/1234567 or 01 23 45 67 89        | Tel. [PHONE] or [PHONE]
          0049 30 1234567                           | [PHONE]
          SSN 123-45-6789.                          | SSN [SSN].
          card 4111 1111 1111 1111 exp 12/25        | card [CREDIT_CARD] exp 12/25
          5500-0000-0000-0004                       | [CREDIT_CARD]
          378282246310005                           | [CREDIT_CARD]
          order 7 4111111111111111                  | order 7 [CREDIT_CARD]
          (4111111111111111)                        | ([CREDIT_CARD])
          DE89 3704 0044 0532 0130 00 and more      | [IBAN] and more
          to GB82WEST12345698765432!                | to [IBAN]!
          de89370400440532013000                    | [IBAN]
          """)
  void whatIdentifiesAPersonBecomesAPlaceholder(String text, String masked) {
    assertEquals(masked, ALL.mask(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing to see",
        "user@localhost, @mention, a@@b, @, x@.com",
        "2024-01-15 10:11:12, 15.01.2024, 01-02-2024",
        "550e8400-e29b-41d4-a716-446655440000",
        "1704067200000 tokens, 12345678901234567890123456789012345",
        "4111 1111 1111 1112",
        "3.14159265358979, 1,234,567.89, 10.0.0.1:8080",
        "000-12-3456, 666-12-3456, 912-34-5678, 123-00-4567",
        "DE88370400440532013000, XX89370400440532013000, DE8937040044053201300",
        "id_4111111111111111, x4111111111111111y",
        "chatcmpl-9xYz123, step-12-34-5678",
        "+, (, ((, +(, ()-. 0 00 0-0 00-0",
        "192.168.100.200/24",
      })
  void whatOnlyLooksLikeItStays(String text) {
    assertSame(text, ALL.mask(text));
  }

  @Test
  void onlyTheChosenKindsAreMasked() {
    PiiMask emails = new PiiMask(Set.of(PiiType.EMAIL));

    assertEquals("[EMAIL] 123-45-6789", emails.mask("a@b.co 123-45-6789"));
    assertEquals("a@b.co", new PiiMask(Set.of()).mask("a@b.co"));
  }

  @Test
  void aMaskedTextStaysAsItIs() {
    String once = ALL.mask("a@b.co, 4111 1111 1111 1111, +14155550123");

    assertSame(once, ALL.mask(once));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"@", "a@", "a.", "1 ", "12-", "+1", "(0", "DE89", "DE89 3704 ", "0", "a@a."})
  void theTimeIsLinearWhateverTheTextRepeats(String unit) {
    String text = unit.repeat(1_000_000 / unit.length());

    assertTimeout(Duration.ofSeconds(5), () -> ALL.mask(text));
  }
}
