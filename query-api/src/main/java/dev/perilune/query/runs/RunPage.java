package dev.perilune.query.runs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a page shows, in its order.
 *
 * @param end the last of them; null when there is none
 */
record RunPage(List<RunKey> keys, @Nullable PageEnd end) {

  RunPage {
    keys = List.copyOf(keys);
  }
}
