package dev.perilune.runtime.db;

import dev.perilune.runtime.config.PgSettings;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.util.Map;

/** The client's form of our settings. */
final class PgOptions {

  private static final int PIPELINED_STATEMENTS = 256;
  private static final int PREPARED_STATEMENTS = 512;

  private PgOptions() {}

  static PgConnectOptions of(PgSettings settings) {
    SslMode ssl = SslMode.of(settings.sslMode());
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setDatabase(settings.database())
            .setUser(settings.user())
            .setPassword(settings.password())
            .setSslMode(ssl)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
            .setPipeliningLimit(PIPELINED_STATEMENTS)
            .setProperties(Map.of("application_name", "perilune", "timezone", "UTC"));
    return switch (ssl) {
      case DISABLE -> options;
      // libpq's meaning: encrypted, the server's name not proved
      case ALLOW, PREFER, REQUIRE ->
          options.setSslOptions(new ClientSSLOptions().setTrustAll(true));
      case VERIFY_CA -> options.setSslOptions(new ClientSSLOptions());
      case VERIFY_FULL ->
          options.setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
    };
  }
}
