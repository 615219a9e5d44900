package dev.perilune.query.runs.export;

import dev.perilune.query.runs.PayloadJson;
import dev.perilune.query.runs.RunRow.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lines for the fine-tuning of models, {@code {"messages":[...]}}, of the runs whose input and
 * output are messages; the others are left out.
 */
final class FineTuningWriter implements ExportWriter {

  private final FileBytes bytes = new FileBytes();
  private long rows;

  @Override
  public void write(ExportItem item) throws IOException {
    Payload payload = item.run().payload();
    String line =
        TrainingMessages.line(
            PayloadJson.unwrapped(payload.input(), "input"),
            PayloadJson.unwrapped(payload.output(), "output"));
    if (line != null) {
      bytes.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      rows++;
    }
  }

  @Override
  public byte[] take() {
    return bytes.take();
  }

  @Override
  public byte[] end() {
    return take();
  }

  @Override
  public long rows() {
    return rows;
  }
}
