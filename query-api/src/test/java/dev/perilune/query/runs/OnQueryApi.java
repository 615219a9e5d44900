package dev.perilune.query.runs;

import dev.perilune.testkit.PostgresExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gives each test a running query API over a database without runs. */
abstract class OnQueryApi {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
  static final String B = "bbbbbbbb-0000-4000-8000-000000000002";
  static final String C = "cccccccc-0000-4000-8000-000000000003";
  static final String NOON = "2025-05-01T12:00:00Z";

  QueryTester api;

  @BeforeEach
  void start() {
    api = new QueryTester(POSTGRES.settings());
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }
}
