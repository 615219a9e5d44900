package dev.perilune.runtime.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which Postgres, as whom, and over how many connections.
 *
 * @param sslMode one of libpq's names; {@code prefer} takes encryption when the server offers it
 */
public record PgSettings(
    String host,
    int port,
    String database,
    String user,
    String password,
    String sslMode,
    int poolSize) {

  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "DATABASE_URL",
              "",
              "postgres://user:password@host:port/database?sslmode=prefer",
              "the Postgres database"),
          new Setting(
              "PERILUNE_PG_POOL_SIZE", "8", "1 to 1000", "connections this process may open"));

  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  private static final String CURE =
      "must look like postgres://user:password@host:5432/database?sslmode=prefer";
  private static final int DEFAULT_POOL_SIZE = 8;

  public static PgSettings from(Env env) {
    String url = env.text("DATABASE_URL", "");
    int poolSize = env.integer("PERILUNE_PG_POOL_SIZE", DEFAULT_POOL_SIZE, 1, 1000);
    try {
      return of(url, poolSize);
    } catch (IllegalArgumentException unusable) {
      // the address can hold a password, so a fault shows that it was given and nothing more
      env.fault("DATABASE_URL", url.isEmpty() ? "" : "(hidden)", CURE);
      return new PgSettings("localhost", 5432, "perilune", "perilune", "", "prefer", poolSize);
    }
  }

  /**
   * Reads a database address.
   *
   * @throws IllegalArgumentException if it is not one; the text never repeats the address
   */
  public static PgSettings of(String url, int poolSize) {
    URI uri = parse(url);
    String path = uri.getPath();
    if (uri.getHost() == null || path == null || path.length() < 2) {
      throw new IllegalArgumentException(CURE);
    }
    String[] login = login(uri.getRawUserInfo());
    return new PgSettings(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        path.substring(1),
        login[0],
        login[1],
        sslMode(uri.getRawQuery()),
        poolSize);
  }

  /** The same database for libraries that speak JDBC; login apart. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database + "?sslmode=" + sslMode;
  }

  @Override
  public String toString() {
    return "postgres://" + user + "@" + host + ":" + port + "/" + database;
  }

  private static URI parse(String url) {
    try {
      URI uri = new URI(url);
      if ("postgres".equals(uri.getScheme()) || "postgresql".equals(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException notAnAddress) {
      // its text repeats the address and with it the password
    }
    throw new IllegalArgumentException(CURE);
  }

  private static String[] login(@Nullable String userInfo) {
    String[] parts = (userInfo == null ? "" : userInfo).split(":", 2);
    return new String[] {
      parts[0].isEmpty() ? "postgres" : decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1])
    };
  }

  private static String sslMode(@Nullable String query) {
    for (String parameter : (query == null ? "" : query).split("&")) {
      if (parameter.startsWith("sslmode=")) {
        String mode = parameter.substring("sslmode=".length());
        if (!SSL_MODES.contains(mode)) {
          throw new IllegalArgumentException("sslmode must be one of " + SSL_MODES);
        }
        return mode;
      }
    }
    return "prefer";
  }

  private static String decoded(String text) {
    // a plus sign in a password is a plus sign: addresses are not forms
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
