package dev.perilune.processor.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.perilune.model.ProjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Remembers which keys metadata has, for people who filter by them. */
public final class MetadataKeySql {
  private static final int LONGEST = 200;
  private static final JsonFactory FACTORY = new JsonFactory();

  // looked up first: an insert that meets a conflict has cost a row already
  private static final String INSERT =
      """
      INSERT INTO metadata_key (project_id, type, key)
      SELECT g.project_id, g.type, g.key
        FROM unnest($1::uuid[], $2::text[], $3::text[]) AS g(project_id, type, key)
       WHERE NOT EXISTS (SELECT FROM metadata_key k
                          WHERE k.project_id = g.project_id AND k.type = g.type AND k.key = g.key)
          ON CONFLICT DO NOTHING
      """;

  private MetadataKeySql() {}

  private record Told(ProjectId project, String type, String metadata) {}

  private record Key(ProjectId project, String type, String name) {}

  /** Adds the first-level keys of these runs' metadata; longer ones than 200 characters are not. */
  public static void add(Tx tx, List<RunChange> changes) {
    Set<Told> told = new HashSet<>();
    for (RunChange change : changes) {
      RunRow run = change.row();
      if (run.metadata() != null) {
        told.add(new Told(run.key().project(), run.type(), run.metadata()));
      }
    }
    Set<Key> keys = new HashSet<>();
    told.forEach(one -> addKeys(one, keys));
    if (keys.isEmpty()) {
      return;
    }
    // in one order, so that two processors wait for each other in one direction only
    List<Key> ordered =
        keys.stream()
            .sorted(
                Comparator.<Key, java.util.UUID>comparing(key -> key.project().value())
                    .thenComparing(Key::type)
                    .thenComparing(Key::name))
            .toList();
    tx.run(
        INSERT,
        Columns.of(ordered)
            .uuid(key -> key.project().value())
            .text(Key::type)
            .text(Key::name)
            .tuple());
  }

  private static void addKeys(Told told, Set<Key> keys) {
    try (JsonParser in = FACTORY.createParser(told.metadata())) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        if (in.currentName().length() <= LONGEST) {
          keys.add(new Key(told.project(), told.type(), in.currentName()));
        }
        in.nextToken();
        in.skipChildren();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("Stored metadata is not JSON", impossible);
    }
  }
}
