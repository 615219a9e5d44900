package dev.perilune.processor.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.model.RunKey;
import dev.perilune.processor.store.RunFigures.UserSums;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunFiguresTest {

  private static final ProjectId PROJECT = new ProjectId(new UUID(1, 1));

  private final RunFigures figures = new RunFigures();

  /** Who counts users by hour learns of a change from the row of the day. */
  @Test
  void whatMovesBetweenHoursIsWrittenThoughTheDayStaysTheSame() {
    change(run(1, "10:00:00", "5"), run(1, "10:00:00", "3"));
    change(run(2, "11:00:00", "3"), run(2, "11:00:00", "5"));
    assertTrue(figures.users.values().iterator().next().sums.isZero());
    assertEquals(1, written());
  }

  @Test
  void whatComesAndGoesInOtherHoursIsWrittenToo() {
    change(null, run(1, "10:00:00", "5"));
    change(null, run(2, "11:00:00", "3"));
    figures.takeAway(run(3, "10:00:00", "3"));
    figures.takeAway(run(4, "11:00:00", "5"));
    assertEquals(1, written());
  }

  @Test
  void whatStaysInItsHourForTheSameCostIsNotWritten() {
    change(run(1, "10:00:00", "5"), run(1, "10:59:59", "5.00"));
    change(run(2, "10:00:00", null), run(2, "10:00:01", null));
    assertEquals(0, written());
    change(run(2, "10:00:01", null), run(2, "10:00:01", "0"));
    assertEquals(1, written());
  }

  private int written() {
    return RunFigures.changed(figures.users, UserSums::isZero).size();
  }

  private void change(RunRow before, RunRow after) {
    StoredRun stored = before == null ? null : new StoredRun(before, null);
    figures.change(new RunChange(stored, after, new Payload(), null));
  }

  private static RunRow run(long id, String time, String cost) {
    return new RunRow(
        new RunKey(PROJECT, new UUID(2, id)),
        Instant.parse("2024-05-01T" + time + "Z").toEpochMilli() * 1000,
        null,
        "llm",
        "gpt-4o",
        null,
        null,
        null,
        null,
        7L,
        7L,
        null,
        null,
        null,
        0,
        0,
        cost == null ? null : new BigDecimal(cost),
        null,
        List.of(),
        null,
        null,
        null,
        null,
        true,
        false,
        null);
  }
}
