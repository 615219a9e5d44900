package dev.perilune.standalone;

import dev.perilune.model.wire.Topics;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What the broker has and the processor has not stored yet. */
public final class Backlog {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String STORED =
      """
      SELECT partition, max(next_offset)
        FROM consumer_offset
       WHERE topic = ?
       GROUP BY partition
      """;

  private final PgSettings postgres;
  private final String bootstrapServers;

  public Backlog(PgSettings postgres, String bootstrapServers) {
    this.postgres = postgres;
    this.bootstrapServers = bootstrapServers;
  }

  /** Returns once everything that was acknowledged before is stored. */
  void awaitNone() throws Exception {
    awaitNone(LIMIT);
  }

  /** Returns once everything that was acknowledged before is stored. */
  public void awaitNone(Duration limit) throws Exception {
    Map<Integer, Long> ends = ends();
    Eventually.get(
        "stored up to " + ends, limit, () -> isPast(ends) ? Optional.of(true) : Optional.empty());
  }

  private boolean isPast(Map<Integer, Long> ends) {
    Map<Integer, Long> stored = stored();
    return ends.entrySet().stream()
        .allMatch(end -> stored.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private Map<Integer, Long> ends() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Map<TopicPartition, OffsetSpec> wanted =
          admin
              .describeTopics(List.of(Topics.EVENTS))
              .topicNameValues()
              .get(Topics.EVENTS)
              .get()
              .partitions()
              .stream()
              .map(partition -> new TopicPartition(Topics.EVENTS, partition.partition()))
              .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
      Map<Integer, Long> ends = new HashMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
          admin.listOffsets(wanted).all().get().entrySet()) {
        ends.put(end.getKey().partition(), end.getValue().offset());
      }
      return ends;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Map<Integer, Long> stored() {
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        PreparedStatement statement = connection.prepareStatement(STORED)) {
      statement.setString(1, Topics.EVENTS);
      Map<Integer, Long> stored = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stored.put(rows.getInt(1), rows.getLong(2));
        }
      }
      return stored;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
