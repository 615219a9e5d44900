package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunKeyTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2025-05-01T12:00:00Z");
  private static final long MEGABYTE = 1024 * 1024;

  @Test
  void piecesHoldFourMegabytesOrOneRun() {
    assertEquals(
        List.of(2, 1, 1, 3),
        sizes(2 * MEGABYTE, 2 * MEGABYTE, 1, 90 * MEGABYTE, MEGABYTE, MEGABYTE, 2 * MEGABYTE));
  }

  @Test
  void piecesHoldAThousandRunsAtMost() {
    assertEquals(
        List.of(1000, 1000, 1), sizes(IntStream.range(0, 2001).mapToLong(i -> 10).toArray()));
  }

  @Test
  void noRunsAreNoPieces() {
    assertEquals(List.of(), sizes());
  }

  private static List<Integer> sizes(long... payloadBytes) {
    List<RunKey> keys =
        LongStream.of(payloadBytes)
            .mapToObj(bytes -> new RunKey(UUID.randomUUID(), START, bytes))
            .toList();
    return RunKey.pieces(keys).stream().map(List::size).toList();
  }
}
