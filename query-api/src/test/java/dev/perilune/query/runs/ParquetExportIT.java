package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetExportIT extends OnQueryApi {

  @TempDir Path folder;

  @Test
  void aRecordHasTypedColumns() throws IOException {
    api.run(
        A,
        "llm",
        "2025-05-01T12:00:00.123456Z",
        "ended_at",
        "2025-05-01T12:00:02Z",
        "cost",
        "0.000000000000000001",
        "prompt_tokens",
        "11",
        "tags",
        "{a,b}",
        "is_public",
        "true");
    api.payload(A, "2025-05-01T12:00:00.123456Z", "input", "{\"input\":\"é\"}");
    Group run = read("type=llm").get(0);
    assertEquals(A, run.getString("id", 0));
    assertEquals(1_746_100_800_123_456L, run.getLong("createdAt", 0));
    assertEquals(1_876_544, run.getLong("durationMicros", 0));
    assertEquals(
        new BigDecimal("0.000000000000000001"),
        new BigDecimal(new BigInteger(run.getBinary("cost", 0).getBytes()), 18));
    assertEquals(11, run.getLong("promptTokens", 0));
    assertEquals(0, run.getFieldRepetitionCount("completionTokens"));
    assertEquals("b", run.getGroup("tags", 0).getGroup("list", 1).getString("element", 0));
    assertTrue(run.getBoolean("isPublic", 0));
    assertEquals("\"é\"", run.getString("input", 0));
  }

  @Test
  void aTreeIsARecordForEachRunThatNamesItsRoot() throws IOException {
    api.run(A, "agent", NOON);
    api.run(B, "llm", NOON, "parent_run_id", A, "parent_type", "agent");
    api.run(C, "tool", NOON, "parent_run_id", B, "parent_type", "llm");
    List<Group> runs = read("type=trace");
    assertEquals(List.of(A, B, C), runs.stream().map(run -> run.getString("id", 0)).toList());
    assertEquals(List.of(A, A, A), runs.stream().map(run -> run.getString("rootId", 0)).toList());
  }

  @Test
  void aLargeFileHasSeveralRowGroups() throws IOException {
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at)"
            + " SELECT ?, md5(n::text)::uuid, 'llm', ?::timestamptz + n * interval '1 ms'"
            + " FROM generate_series(1, 3000) n",
        QueryTester.PROJECT,
        NOON);
    api.execute(
        "INSERT INTO run_payload (project_id, run_id, created_at, input)"
            + " SELECT project_id, id, created_at, to_json((SELECT string_agg(md5(id::text || n), '')"
            + " FROM generate_series(1, 250) n))::text FROM run");
    Path file = file("type=llm");
    try (ParquetFileReader reader = open(file)) {
      assertEquals(3000, reader.getRecordCount());
      assertTrue(reader.getRowGroups().size() > 1);
    }
  }

  @Test
  void nothingIsAFileWithoutRecords() throws IOException {
    assertEquals(List.of(), read("type=llm"));
  }

  private List<Group> read(String query) throws IOException {
    List<Group> records = new ArrayList<>();
    try (ParquetFileReader reader = open(file(query))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        RecordReader<Group> record =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(group, new GroupRecordConverter(schema));
        for (long i = 0; i < group.getRowCount(); i++) {
          records.add(record.read());
        }
      }
    }
    return records;
  }

  private static ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(
        new LocalInputFile(file),
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
  }

  private Path file(String query) throws IOException {
    Download download =
        Download.of(
            api.port(), "/v1/runs/export?exportFormat=parquet&" + query, QueryTester.PRIVATE_KEY);
    assertEquals("application/vnd.apache.parquet", download.headers().get("Content-Type"));
    Buffer body = download.body();
    Path file = Files.write(folder.resolve("export.parquet"), body.getBytes());
    try (ParquetFileReader reader = open(file)) {
      assertEquals(download.rows(), reader.getRecordCount());
    }
    return file;
  }
}
