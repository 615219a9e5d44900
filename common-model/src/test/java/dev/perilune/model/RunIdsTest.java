package dev.perilune.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class RunIdsTest {

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/perilune/model/ids.csv")
  void derivesWhatTheSdksDerive(String derivation, String raw, UUID expected) {
    UUID derived = derivation.equals("py") ? RunIds.pyUuid(raw) : RunIds.derive(raw);

    assertEquals(expected, derived);
  }

  @Test
  void noIdAndTheEmptyTextGiveNoId() {
    assertNull(RunIds.derive(null));
    assertNull(RunIds.derive(""));
  }

  @Test
  void textOfUuidLengthThatIsNoUuidIsHashed() {
    String text = "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz";

    assertNull(RunIds.parseUuid(text));
    assertEquals(RunIds.seedUuid(text), RunIds.derive(text));
    assertNotEquals(RunIds.derive(text), RunIds.derive(text.substring(1)));
  }
}
