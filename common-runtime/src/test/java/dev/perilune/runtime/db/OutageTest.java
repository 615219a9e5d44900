package dev.perilune.runtime.db;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class OutageTest {

  @Test
  void aDatabaseThatIsAwayOrStartingIsAnOutage() {
    assertTrue(Outage.is(new ConnectException("refused")));
    assertTrue(Outage.is(new PgException("starting up", "FATAL", "57P03", "")));
    assertTrue(Outage.is(new PgException("broken", "FATAL", "08006", "")));
  }

  @Test
  void aWrongStatementIsNot() {
    assertFalse(Outage.is(new PgException("syntax", "ERROR", "42601", "")));
    assertFalse(Outage.is(new IllegalArgumentException("bind")));
  }
}
