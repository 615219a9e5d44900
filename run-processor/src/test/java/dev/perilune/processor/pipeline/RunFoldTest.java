package dev.perilune.processor.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.Stamp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunFoldTest {

  @Test
  void whatSaysNothingTakesNoSpace() {
    RunFold fold = new RunFold();
    fold.start = new Stamp(1, 2, 3);

    assertEquals("{\"s\":[1,2,3]}", fold.json());
  }

  @Test
  void everythingComesBack() {
    RunFold fold = new RunFold();
    fold.done = new Stamp(4, 5, 6);
    fold.endName = new RunFold.Word(new Stamp(7, 8, 9), "gpt-4o");
    fold.usage = new RunFold.Usage(new Stamp(1, 1, 1), 5, null, 2);
    fold.metadata.put(Map.of("k", "\"v\""), new Stamp(1, 0, -1));
    fold.feedback.put(Map.of("thumb", "null"), new Stamp(2, 0, 1));
    fold.endTags.addAll(List.of("b", "a"));
    fold.hidden = true;

    RunFold back = RunFold.parse(fold.json());

    assertEquals(fold.json(), back.json());
    assertEquals(fold.usage, back.usage);
    assertTrue(back.hidden);
  }
}
