package dev.perilune.testkit;

import dev.perilune.runtime.config.PgSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A migrated, empty database for a test class: {@code @RegisterExtension static final
 * PostgresExtension POSTGRES = new PostgresExtension();}.
 *
 * <p>One server serves all classes of a JVM. The schema is made once as a template, so a class's
 * own database costs some 50 ms; it is dropped after the class.
 */
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
  private @Nullable TestServer server;
  private @Nullable String databaseName;
  private @Nullable String owner;

  @Override
  public void beforeAll(ExtensionContext context) {
    // Also called for nested classes, which share the database of the class around them.
    if (owner != null) {
      return;
    }
    owner = context.getUniqueId();
    server =
        context
            .getRoot()
            .getStore(Namespace.create(PostgresExtension.class))
            .getOrComputeIfAbsent(TestServer.class, key -> TestServer.start(), TestServer.class);
    databaseName = server.createDatabase();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (server != null && databaseName != null && context.getUniqueId().equals(owner)) {
      server.dropDatabase(databaseName);
      databaseName = null;
      owner = null;
    }
  }

  /** How to reach this class's database. */
  public PgSettings settings() {
    return TestServer.settings(databaseUrl());
  }

  /** This class's database as a {@code DATABASE_URL}. */
  public String databaseUrl() {
    if (server == null || databaseName == null) {
      throw new IllegalStateException("Register this extension in a static field");
    }
    return server.databaseUrl(databaseName);
  }
}
