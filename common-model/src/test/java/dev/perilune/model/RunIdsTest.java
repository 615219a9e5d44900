package dev.perilune.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class RunIdsTest {

  @ParameterizedTest
  @CsvFileSource(resources = "/dev/perilune/model/ids.csv")
  void derivesWhatTheSdksDerive(String derivation, String raw, UUID expected) {
    UUID derived = derivation.equals("py") ? RunIds.pyUuid(raw) : RunIds.derive(raw);

    assertEquals(expected, derived);
  }

  @ParameterizedTest
  @CsvSource({
    "0102030405060708,44b89446-afe2-45bc-a0d7-4a2197be1708",
    "00f067aa0ba902b7,36040090-42f3-4946-ad8a-897d14c76dcd",
    "a1b2c3d4e5f60718,b82efc46-c073-49d8-a6df-d0ad738a7074"
  })
  void theRunOfASpanHasTheIdThatItsDigitsGive(String span, UUID run) {
    assertEquals(run, RunIds.derive(span));
  }

  @Test
  void theOtherIdOfASpanIsThatOfItsTraceItselfAndTheProject() {
    UUID project = UUID.fromString("6f1c2d1e-6f55-4c8b-9d0b-0d6f8a1b2c3d");
    String trace = "0b8efff798038103d269b633813fc60c";
    SpanNames span = SpanNames.of(trace, "0102030405060708", "otel-chat:" + trace);

    assertEquals(
        RunIds.seedUuid(trace + ":0102030405060708:" + project),
        SpanNames.otherRunId(span.trace(), span.span(), new ProjectId(project)));
    assertNull(span.parent());
    assertNull(SpanNames.of(trace.substring(1), "0102030405060708", null));
    assertNull(SpanNames.of("z" + trace.substring(1), "0102030405060708", null));
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
