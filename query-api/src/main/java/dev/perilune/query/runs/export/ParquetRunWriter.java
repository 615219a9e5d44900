package dev.perilune.query.runs.export;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * A Parquet file with a record for each run: Parquet has no trees, so runs below a row are records
 * of their own whose {@code rootId} names that row. At most one row group is in memory.
 */
final class ParquetRunWriter implements ExportWriter {

  private static final long ROW_GROUP_BYTES = 8L << 20;
  private static final int PAGE_BYTES = 256 << 10;

  private final FileBytes bytes = new FileBytes();
  private final ParquetWriter<ExportItem> file;
  private long rows;

  ParquetRunWriter() throws IOException {
    file =
        new Builder(new Target(bytes))
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .withDictionaryPageSize(PAGE_BYTES)
            // one run may be as large as a row group
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1000)
            .build();
  }

  @Override
  public void write(ExportItem item) throws IOException {
    file.write(item);
    rows++;
  }

  @Override
  public byte[] take() {
    return bytes.take();
  }

  @Override
  public byte[] end() throws IOException {
    file.close();
    return take();
  }

  @Override
  public long rows() {
    return rows;
  }

  private static final class Builder extends ParquetWriter.Builder<ExportItem, Builder> {

    Builder(OutputFile target) {
      super(target);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<ExportItem> getWriteSupport(Configuration settings) {
      return new Records();
    }

    @Override
    protected WriteSupport<ExportItem> getWriteSupport(ParquetConfiguration settings) {
      return new Records();
    }
  }

  private static final class Records extends WriteSupport<ExportItem> {

    private RecordConsumer consumer;

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration settings) {
      return new WriteContext(ParquetColumn.schema(), Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration settings) {
      return new WriteContext(ParquetColumn.schema(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      this.consumer = consumer;
    }

    @Override
    public void write(ExportItem item) {
      consumer.startMessage();
      List<ParquetColumn> columns = ParquetColumn.all();
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).write(item, i, consumer);
      }
      consumer.endMessage();
    }
  }

  /** A file that is nowhere: its bytes are taken away as they come. */
  private record Target(FileBytes bytes) implements OutputFile {

    @Override
    public PositionOutputStream create(long blockBytes) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.position();
        }

        @Override
        public void write(int b) {
          bytes.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
          bytes.write(from, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockBytes) {
      return create(blockBytes);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
